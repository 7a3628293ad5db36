import { FORM_ABILITIES } from "@hangproof/parser";
import { Option } from "commander";

/** `--input-format`: a form for all inputs, against what their content says. Native journals are read as such anyway. */
export function inputFormatOption(): Option {
  const forms = Object.keys(FORM_ABILITIES).filter((form) => form !== "journal-file");
  return new Option(
    "--input-format <form>",
    "read every text input as this form (default: told by its content); hangproof formats names them",
  ).choices(forms);
}
