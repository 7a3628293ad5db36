/** What a report is asked, read from the words that people type: no Node, no file, no terminal. */
export { type Question, type QuestionText, readQuestion, understood } from "./options/question.js";
export type { WindowContext } from "./options/window.js";
