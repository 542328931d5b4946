/** What a framed page answers to calls that it does not know. */
export const EMBEDDED = {
  noMethod: (method: string, methods: string) => `there is no method ${method}; there are: ${methods}`,
  refused: (field: string) => `${field} is not what it may be`,
} as const;
