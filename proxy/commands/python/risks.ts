import type { RiskLevel } from '../../contract/index.js';
import type { RiskClass } from '../findings.js';
import { namesOf } from './calls.js';

/** A call that is a risk whatever it is given: class, id, level, sentence, names (written as in `CALLS`), and a module that must be imported. */
type Row = [RiskClass, string, RiskLevel, string, string, RegExp?];

const ROWS: Row[] = [
  ['secret-read', 'code/accounts-read', 'risky', 'Lists the accounts of this machine', 'pwd.getpwall grp.getgrall spwd.*'],
  ['service', 'shell/stop-machine', 'risky', 'Stops the machine', 'os.reboot win32api.InitiateSystemShutdown win32api.ExitWindowsEx **.Win32Shutdown'],
  ['admin', 'code/system-call', 'risky', 'Changes the system by a call of its own', 'os.chroot os.mknod os.setxattr os.removexattr os.mount os.umount os.ptrace os.setgroups os.unshare os.setns os.pivot_root os.swapon'],
  ['admin', 'code/system-call', 'notable', 'Changes the priority or limits of processes', 'os.nice os.sched_set* resource.setrlimit **.nice **.ionice **.cpu_affinity'],
  ['admin', 'code/clock', 'risky', 'Sets the clock of this machine', 'time.clock_settime* win32api.SetSystemTime win32api.SetLocalTime **.SetSystemTime **.settimeofday **.clock_settime **.stime'],
  ['admin', 'code/hostname', 'risky', 'Changes the name of this machine', 'socket.sethostname'],
  ['secret-read', 'network/sniff', 'risky', 'Listens to or forges network packets', 'scapy.** **.sniff **.AsyncSniffer sniff sr sr1 srp srp1 send sendp ARP arping AsyncSniffer', /^import scapy/],
  ['secret-read', 'network/sniff', 'risky', 'Listens to network packets', 'pcapy.* pyshark.* pcap.pcap'],
  ['network-send', 'network/scan', 'risky', 'Probes the network', 'nmap.PortScanner nmap.PortScanner().* nmap3.* masscan.* shodan.Shodan* scapy.layers.* whatportis.*'],
  ['secret-read', 'code/keylogger', 'risky', 'Records what is typed', 'pynput.keyboard.* pynput.mouse.Listener keyboard.on_press* keyboard.on_release* keyboard.hook* keyboard.record keyboard.read_key keyboard.read_event keyboard.start_recording pyHook* pyxhook* mouse.hook* **.HookKeyboard **.SetWindowsHookEx* evdev.InputDevice'],
  ['secret-read', 'code/capture', 'risky', 'Records the screen, microphone or clipboard', 'pyautogui.screenshot pyscreenshot.grab PIL.ImageGrab.grab ImageGrab.grab mss.mss* sounddevice.rec sounddevice.InputStream pyaudio.PyAudio pyperclip.paste clipboard.paste win32clipboard.GetClipboardData **.clipboard_get d3dshot.create'],
  ['execute', 'code/remote-input', 'notable', 'Works mouse and keyboard', 'pyautogui.* pynput.*.Controller'],
  ['secret-read', 'code/secret-read', 'risky', 'Reads stored passwords or cookies', 'keyring.get_password keyring.get_credential browser_cookie3.* browsercookie.* win32crypt.CryptUnprotectData secretstorage.* win32cred.Cred* pycookiecheat.* **.CryptUnprotectData wifi_password.*'],
  ['persistence', 'windows/registry', 'risky', 'Changes the registry', 'winreg.SetValue* winreg.CreateKey* winreg.DeleteKey* winreg.DeleteValue win32api.RegSetValue* win32api.RegDelete*'],
  ['persistence', 'code/monkey-patch', 'notable', 'Watches or replaces what the interpreter does', 'sys.settrace sys.setprofile sys.addaudithook gc.get_objects'],
  ['service', 'code/service', 'risky', 'Changes services of this machine', 'win32serviceutil.* win32service.CreateService win32service.DeleteService win32service.ControlService dbus.SystemBus().get_object().* pystemd.systemd1.Unit().*'],
  ['execute', 'code/inject', 'risky', 'Writes into other processes', '**.WriteProcessMemory **.CreateRemoteThread **.OpenProcess **.VirtualAllocEx **.NtWriteVirtualMemory frida.* pymem.* **.ptrace **.process_vm_writev'],
  ['execute', 'code/daemon', 'risky', 'Leaves a process running by itself', 'daemon.DaemonContext daemonize.Daemonize'],
  ['persistence', 'code/schedule', 'risky', 'Schedules commands that run by themselves', 'crontab.CronTab().new crontab.CronTab().remove* crontab.CronTab().write CronTab().write **cron*.write **cron*.remove_all **.RegisterTaskDefinition', /^import (?:crontab|win32com)/],
  ['privilege', 'code/elevate', 'risky', 'Asks for the rights of the administrator', '**.ShellExecuteW elevate.elevate **.RtlAdjustPrivilege **.AdjustTokenPrivileges **.NtRaiseHardError **.BlockInput'],
  ['history', 'code/clear-log', 'risky', 'Clears logs', 'win32evtlog.ClearEventLog readline.clear_history **.ClearEventLogW'],
  ['permission', 'cloud/grant', 'risky', 'Gives rights in the cloud', '**create_access_key **create_login_profile **.attach_*_policy **.put_user_policy **.put_role_policy **.put_group_policy **.put_bucket_policy **.put_bucket_acl **.put_object_acl **.authorize_security_group_ingress **.stop_logging **.modify_snapshot_attribute **.modify_image_attribute **.create_service_account_key **.set_iam_policy **.add_permission **.update_assume_role_policy **.create_cluster_role_binding **.delete_public_access_block **.make_public', /^import (?:boto3|botocore|google|azure|kubernetes|aioboto3)/],
  ['admin', 'code/money', 'risky', 'Moves money or trades', '**.create_market_order **.create_market_buy_order **.create_market_sell_order **.create_limit_order **.create_order **.submit_order **.order_market* **.place_order **.withdraw **.send_transaction **.send_raw_transaction **.sendTransaction **.transfer_funds stripe.Charge.create stripe.Refund.create stripe.Payout.create stripe.Transfer.create **.sendtoaddress', /^import (?:ccxt|binance|alpaca\w*|web3|eth_account|stripe|bitcoin\w*|coinbase|ib_insync|kiteconnect|robin_stocks|solana|krakenex)/],
  ['admin', 'code/device', 'risky', 'Works machines or network devices', '**.write_coil* **.write_register* **.send_config_set **.send_config_from_file **.load_merge_candidate **.load_replace_candidate **.commit_config **.write_multiple_* **.edit_config', /^import (?:pymodbus|minimalmodbus|netmiko|napalm|ncclient|snap7|pycomm3|opcua|asyncua)/],
  ['privilege', 'code/attack-tool', 'risky', 'Uses a library for attacks', 'impacket.** pwn.remote pwn.ssh pypykatz.** lsassy.** msfrpc.** pymetasploit3.** crackmapexec.** mechanize.Browser().brute*'],
  ['admin', 'cloud/change', 'risky', 'Changes what runs in the cloud', '**.stop_instances **.reboot_instances **.modify_db_instance **.modify_db_cluster **.change_resource_record_sets **.update_service **.update_auto_scaling_group **.set_desired_capacity **.put_public_access_block **.put_bucket_versioning **.put_bucket_lifecycle* **.update_trail **.patch_namespaced_* **.replace_namespaced_* **.patch_node **.create_user **.add_user_to_group **.put_role_policy **.delete_objects **.restore_db* **.cancel_* **.update_function_code **.set_bucket_policy **.disable_*', /^import (?:boto3|botocore|google|azure|kubernetes|aioboto3|minio)/],
  ['execute', 'code/foreign-code', 'risky', 'Loads code from the network', 'torch.hub.load_state_dict_from_url().eval httpimport.* importlib_http.*'],
]; // biome-ignore format: a table

let compiled: (readonly [RegExp, Row])[] | undefined;

/** The rows of the table that a call meets. */
export function risksOf(name: string, seen: ReadonlySet<string>): Row[] {
  compiled ??= ROWS.map((row) => [namesOf(row[4]), row] as const);
  return compiled.filter(([re, row]) => re.test(name) && (!row[5] || [...seen].some((s) => row[5]!.test(s)))).map(([, row]) => row);
}
