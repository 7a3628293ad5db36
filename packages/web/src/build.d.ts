/** Written in by `scripts/web.mjs`. */
declare const HANGPROOF_VERSION: string;
declare const HANGPROOF_WORKER: string;
