/** Changes the settings without end and says which change was acknowledged. Killed by robust.test.ts. */
import { openSettings } from '../../proxy/settings/index.js';

const store = await openSettings(process.argv[2]!);
for (let port = store.get().listen.port + 1; port < 60_000; port++) {
  await store.update((draft) => {
    draft.listen.port = port;
  });
  process.send?.(port);
}
