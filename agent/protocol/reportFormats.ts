/** Formats of a report of a run. Plain data: the terminal needs them without the schemas. */
export const reportFormats = ['markdown', 'html', 'json', 'junit', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];
