import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a web page gets when a bundler takes one line of imports to pieces. */
export interface BrowserBundle {
  /** A script that sets the global `bundled` to what the line exports. */
  readonly script: string;
  readonly bytes: number;
  /** The source files that are in it. */
  readonly files: readonly string[];
}

/**
 * Bundles and minifies one line of exports for a browser. Fails where a module of Node is imported, because a browser
 * has none. `from`: a folder whose packages the line may name.
 */
export async function browserBundle(line: string, from: string | URL): Promise<BrowserBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: line, resolveDir: fileURLToPath(from) },
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2023",
    format: "iife",
    globalName: "bundled",
    conditions: ["@hangproof/source"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const script = outputFiles[0]?.text ?? "";
  return { script, bytes: Buffer.byteLength(script), files: Object.keys(metafile.inputs) };
}
