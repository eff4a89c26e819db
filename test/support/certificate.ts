import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A new certificate that signs itself, for these names (`DNS:…`, `IP:…`), in two files. @returns undefined where openssl is missing */
export function makeCertificate(folder: string, names: readonly string[], file = 'tls'): { certFile: string; keyFile: string } | undefined {
  const certFile = join(folder, `${file}-cert.pem`);
  const keyFile = join(folder, `${file}-key.pem`);
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const whose = ['-subj', '/CN=sallyport.test', '-addext', `subjectAltName=${names.join(',')}`];
  const made = spawnSync('openssl', ['req', '-x509', ...kind, ...whose, '-keyout', keyFile, '-out', certFile]);
  return made.status === 0 ? { certFile, keyFile } : undefined;
}
