/** The result of one part of `--check --online`. */
export type Finding =
  | { readonly part: string; readonly state: 'ok' }
  | { readonly part: string; readonly state: 'skipped'; readonly problem: string }
  | {
      readonly part: string;
      readonly state: 'failed';
      readonly problem: string;
      readonly advice: string;
    };
