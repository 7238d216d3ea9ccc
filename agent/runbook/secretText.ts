/** Characters; what is shorter stands by chance in every output, so it cannot be masked. */
export const shortestSecret = 4;

/** Why a text cannot be kept secret, in words for whoever types it; undefined where it can be. */
export function secretProblem(text: string): string | undefined {
  return [...text.trim().slice(0, 2 * shortestSecret)].length < shortestSecret
    ? `Needs at least ${shortestSecret} characters: a shorter one cannot be masked in what is printed.`
    : undefined;
}
