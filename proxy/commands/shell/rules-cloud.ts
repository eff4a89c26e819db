import { isSecretFile } from '../paths.js';
import { Options } from './command.js';
import type { RuleTable } from './rules.js';

const DESTROY =
  /^(?:delete|terminate|destroy|purge|remove|drop|rm|rb|deregister|revoke|erase|wipe|nuke|disable|stop|empty|flush|reset|detach|cancel|deprovision|schedule-key-deletion)/;
const VALUABLE =
  /instance|bucket|db|database|cluster|stack|table|volume|snapshot|vpc|user|role|key|secret|project|group|vm|disk|sql|function|repository|distribution|hosted-zone|trail|log|backup|vault|account|filesystem|app|resource|service|server|domain|droplet|image|policy|zone|record|subnet|network|storage|s3|dynamodb|rds|namespace|spaces/;

export const cloudRules: RuleTable = {
  'aws awslocal': (c, run) => {
    const o = new Options(c.argv, ['profile', 'region', 'output', 'endpoint-url', 'query', 'cli-input-json']);
    const [service = '', verb = ''] = o.operands;
    const f = run.findings;
    const t = c.argv.join(' ');
    if (c.argv.includes('--dry-run') || c.argv.includes('--dryrun')) return;
    if (service === 's3') {
      if (verb === 'rm')
        f.risk('delete', 'cloud/delete-data', o.has('recursive') ? 'risky' : 'notable', `Deletes ${o.operands[2] ?? ''}`, o.operands[2]);
      else if (verb === 'rb')
        f.risk('delete', 'cloud/delete', o.has('force') ? 'risky' : 'notable', `Deletes the bucket ${o.operands[2] ?? ''}`, o.operands[2]);
      else if (verb === 'sync' && o.has('delete'))
        f.risk('delete', 'cloud/delete-data', 'risky', `Deletes in ${o.operands[3] ?? ''} what the source does not have`, o.operands[3]);
      else if (/^(?:cp|mv|sync)$/.test(verb) && /^s3:/.test(o.operands[3] ?? '') && !/^s3:/.test(o.operands[2] ?? '')) {
        const secret = isSecretFile(o.operands[2] ?? '') || c.stdin?.sources.has('secret');
        f.risk(
          'network-send',
          secret ? 'network/secret-send' : 'network/upload',
          secret
            ? 'catastrophic'
            : /--no-sign-request|--acl[= ]public/.test(t) || /^(?:\/(?!tmp\/)|~)/.test(o.operands[2] ?? '')
              ? 'risky'
              : 'notable',
          `Sends ${o.operands[2]} to ${o.operands[3]}`,
          o.operands[3],
        );
      }
      if (/--acl[= ]public/.test(t)) f.risk('permission', 'cloud/public', 'risky', 'Makes data public');
    } else if (/^(?:leave-organization|remove-account-from-organization|close-account)$/.test(verb))
      f.risk('admin', 'cloud/delete', 'risky', `Cloud: ${service} ${verb}`);
    else if (
      /^modify-(?:snapshot|image|db-snapshot)-attribute$/.test(verb) &&
      /--(?:user-ids|values-to-add|launch-permission|create-volume-permission)/.test(t)
    )
      f.risk('permission', 'cloud/grant', 'risky', `Gives others the data of a machine: ${service} ${verb}`);
    else if (/^(?:stop-logging|delete-trail|delete-detector|delete-flow-logs|disable-security-hub)$/.test(verb))
      f.risk('history', 'cloud/audit-off', 'risky', 'Turns auditing of the cloud off');
    else if (DESTROY.test(verb))
      f.risk(
        'admin',
        'cloud/delete',
        /^(?:delete|terminate|purge|deregister|schedule)/.test(verb) && VALUABLE.test(verb + service) ? 'risky' : 'notable',
        `Cloud: ${service} ${verb}`,
      );
    else if (
      /^(?:put-bucket-(?:policy|acl)|authorize-security-group-ingress|put-object-acl|attach-\w+-policy|put-\w+-policy|create-access-key|create-user|update-assume-role-policy|create-login-profile|modify-snapshot-attribute|put-public-access-block)$/.test(
        verb,
      )
    ) {
      const open =
        /0\.0\.0\.0\/0|::\/0|AdministratorAccess|public-read|"Principal":\s*"\*"|create-access-key|create-login-profile|all$|"Action":\s*"\*"/.test(
          t,
        );
      f.risk('permission', 'cloud/grant', open ? 'risky' : 'notable', `Cloud rights: ${service} ${verb}`);
    } else if (
      /^(?:get-secret-value|get-session-token|get-login-password|get-password-data|get-authorization-token|export-credentials|assume-role)$/.test(
        verb,
      ) ||
      (/^get-parameters?(?:-by-path)?$/.test(verb) && o.has('with-decryption'))
    )
      f.risk(
        'secret-read',
        'cloud/secret',
        /get-secret|export|password-data|get-parameter/.test(verb) ? 'risky' : 'notable',
        `Reads credentials: ${service} ${verb}`,
      );
    else if (/^(?:stop-logging|update-trail|delete-trail|disable-\w+)$/.test(verb))
      f.risk('history', 'cloud/audit-off', 'risky', 'Turns auditing of the cloud off');
  },
  'gcloud gsutil bq az doctl linode-cli hcloud ibmcloud oci aliyun scw flyctl fly heroku vercel netlify railway wrangler firebase supabase eksctl kops eb sam serverless s3cmd mc b2 openstack':
    (c, run) => {
      const words = c.argv.filter((a) => !a.startsWith('-'));
      const t = c.argv.join(' ');
      const f = run.findings;
      const verb = words.find((w) => DESTROY.test(w) || /[:](?:destroy|delete|remove|reset|drop)/.test(w));
      if (verb !== undefined) {
        const sure = /(?:^|\s)(?:-q|--quiet|-y|--yes|-f|--force|-r|-R|--recursive|-rf|--no-wait|--purge|--confirm)(?:\s|=|$)/.test(t);
        const heavy =
          (verb === 'rm' && /(?:^|\s)-[rR]\b|\*\*/.test(t)) ||
          /^(?:delete|destroy|purge|rb|nuke|remove|drop)/.test(verb) ||
          /:destroy|:delete|:reset/.test(verb);
        f.risk(
          'admin',
          'cloud/delete',
          heavy &&
            (sure ||
              /^(?:projects?|group|sql|container|compute|storage|keyvault|resource|iam|ad|vm|rb|logging|kms|secrets|dns|monitor|cosmosdb|aks|functionapp|webapp|spanner|bigtable|dataproc|pubsub|redis|backup|network|lock|policy|role|run|functions)$/.test(
                words[0] ?? '',
              ) ||
              /apps:destroy|pg:reset/.test(t))
            ? 'risky'
            : 'notable',
          `Cloud: ${c.name} ${words.slice(0, 4).join(' ')}`,
        );
      }
      const up = c.name === 'gsutil' || c.name === 's3cmd' || c.name === 'mc' || c.name === 'b2' ? words : [];
      if (
        /^(?:cp|rsync|mv|put|sync|mirror|upload-file|upload_file)$/.test(up[0] ?? '') &&
        /^(?:gs|s3|b2):\/\/|^\w+\//.test(up.at(-1) ?? '') &&
        !/^\w+:\/\//.test(up[1] ?? '')
      )
        f.risk(
          'network-send',
          'network/upload',
          isSecretFile(up[1] ?? '') ? 'catastrophic' : /(?:^|\s)-[rR]\b/.test(t) || /^[/~]/.test(up[1] ?? '') ? 'risky' : 'notable',
          `Sends ${up[1]} to ${up.at(-1)}`,
        );
      if (/allUsers|AllAuthenticated|--member[= ]allUsers|acl ch -u AllUsers|roles\/owner|--role[= ](?:Owner|Contributor)/.test(t))
        f.risk('permission', 'cloud/grant', 'risky', 'Gives rights in the cloud');
      if (
        /secrets versions access|print-access-token|keyvault (?:secret|key|certificate) (?:show|download)|get-access-token|auth print-identity|(?:storage account|cosmosdb|search admin-key|maps account|batch account) keys list|service-accounts keys create|application-default print|connection-string|list-(?:keys|credentials|publishing)|credential reset|create-for-rbac|acr credential|get-upload-credentials/.test(
          t,
        )
      )
        f.risk('secret-read', 'cloud/secret', 'risky', 'Reads or makes credentials of the cloud');
    },
};
