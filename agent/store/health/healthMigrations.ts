import type { Migrations } from '../migrations';

/**
 * What came of checks, a database of its own: it is written all the time, and neither its size nor its damage is to
 * touch the history of runs. Times are milliseconds since 1970; `span` is 60,000 (minute), 3,600,000 (hour) or
 * 86,400,000 (day); `sketch` is a {@link Sketch} of how long the probes took that were well.
 */
export const healthMigrations: Migrations = [
  `CREATE TABLE checks (
     n INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     at REAL NOT NULL,
     status TEXT,
     muted_until REAL,
     muted_by TEXT
   );
   CREATE TABLE results (
     n INTEGER NOT NULL,
     at REAL NOT NULL,
     state TEXT NOT NULL,
     ms REAL NOT NULL,
     PRIMARY KEY (n, at)
   ) WITHOUT ROWID;
   CREATE TABLE rollups (
     n INTEGER NOT NULL,
     span INTEGER NOT NULL,
     at REAL NOT NULL,
     count INTEGER NOT NULL,
     up REAL NOT NULL,
     degraded REAL NOT NULL,
     down REAL NOT NULL,
     unknown REAL NOT NULL,
     maintenance REAL NOT NULL,
     sketch BLOB NOT NULL,
     PRIMARY KEY (n, span, at)
   ) WITHOUT ROWID;
   CREATE TABLE turns (
     n INTEGER NOT NULL,
     at REAL NOT NULL,
     state TEXT NOT NULL,
     message TEXT NOT NULL,
     PRIMARY KEY (n, at)
   ) WITHOUT ROWID;`,
];
