// A process of its own that appends to the audit log. Usage: auditWriter FOLDER NAME TIMES
import { openStore } from '../../../../agent/store/openStore';

const [folder = '', name = '', times = ''] = process.argv.slice(2);
const store = openStore(folder);
for (let n = 0; n < Number(times); n++) {
  store.audit.append({ action: 'step.started', actor: name, subject: String(n), details: {} });
}
store.close();
