import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Packs every package that is to be published, as `pnpm publish` would, into a folder: `folder` is the package's own,
 * `tarball` the file made, `manifest` the package.json as it stands in the tarball's source.
 */
export function packAll(root, destination) {
  const pnpm = join(root, "node_modules/.bin/pnpm");
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const out = execFileSync(pnpm, ["pack", "--json", "--pack-destination", destination], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
      // What a package does before it is packed prints before the answer.
      return { folder, manifest, tarball: JSON.parse(out.slice(out.search(/^\{$/m))).filename };
    });
}
