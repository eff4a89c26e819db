/**
 * What calls of Python do, by their resolved names. `*` stands for letters, `**` for any object in front, `()` for what a call gave.
 * A name may have several acts; they are judged in this order.
 */
export const CALLS = {
  native: 'ctypes.CDLL().* ctypes.PyDLL().* ctypes.WinDLL().* ctypes.cdll.LoadLibrary().* ctypes.cdll.*.* ctypes.windll.*.* **.dlopen().*',
  pip: 'pip.main pip._internal.main pip._internal.cli.main.main pip._internal.main.main setuptools.command.easy_install.main',
  nested:
    'timeit.timeit timeit.repeat timeit.Timer cProfile.run* profile.run* pdb.run* trace.Trace().run bdb.* doctest.* code.interact code.InteractiveConsole().push',
  loadcode:
    'ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.cdll.LoadLibrary importlib.util.spec_from_file_location importlib.machinery.*Loader imp.load_source site.addsitedir zipimport.zipimporter',
  runfile: 'runpy.run_path runpy.run_module',
  run: 'os.system os.popen os.popen2 os.popen3 os.popen4 os.spawn* os.exec* os.posix_spawn os.posix_spawnp os.startfile subprocess.run subprocess.call subprocess.Popen subprocess.check_call subprocess.check_output subprocess.getoutput subprocess.getstatusoutput pty.spawn popen2.* asyncio.create_subprocess_shell asyncio.create_subprocess_exec asyncio.subprocess.* pexpect.spawn pexpect.run pexpect.spawnu pexpect.popen_spawn.PopenSpawn get_ipython().system get_ipython().getoutput get_ipython().run_line_magic get_ipython().run_cell_magic sh.* plumbum.* plumbum.local[]* invoke.run invoke.Context().run fabric.* fabric.Connection().run fabric.Connection().sudo fabric.Connection().local **.exec_command **.exec_run **.subprocess_shell **.subprocess_exec win32api.WinExec win32api.ShellExecute win32process.CreateProcess _winapi.CreateProcess multiprocessing.popen_* distutils.spawn.spawn torch.utils.cpp_extension.* gevent.subprocess.* trio.run_process anyio.run_process delegator.run envoy.run shellmarker.* psutil.Popen wmi.WMI().Win32_Process.Create pwn.process winrm.Session().run_cmd winrm.Session().run_ps paramiko.**.exec_command ansible_runner.run',
  code: 'exec eval compile execfile code.InteractiveInterpreter().runsource code.InteractiveInterpreter().runcode runpy.run_* types.FunctionType types.CodeType exec.__call__ eval.__call__ pandas.eval **.run_cell numexpr.evaluate',
  open: 'open io.open io.FileIO codecs.open os.open os.fdopen gzip.open bz2.open lzma.open aiofiles.open builtins.open file pathlib.Path.open tokenize.open anyio.open_file smart_open.open fsspec.open mmap.open',
  readfile:
    'pathlib.Path.read_text pathlib.Path.read_bytes numpy.loadtxt numpy.fromfile numpy.genfromtxt linecache.getline linecache.getlines configparser.ConfigParser().read configparser.RawConfigParser().read netrc.netrc pandas.read_* joblib.load mmap.mmap sqlite3.connect fileinput.input',
  writefile:
    'pathlib.Path.write_text pathlib.Path.write_bytes pathlib.Path.touch os.mkfifo os.mknod shutil.copyfileobj **.to_csv **.to_json **.to_pickle **.to_excel numpy.save numpy.savetxt **.tofile dotenv.set_key **.savefig joblib.dump',
  makedir: 'os.mkdir os.makedirs pathlib.Path.mkdir distutils.dir_util.mkpath',
  deletetree: 'shutil.rmtree os.removedirs distutils.dir_util.remove_tree **rmtree **remove_tree **.rmtree_p **.rmtree',
  delete:
    'os.remove os.unlink os.rmdir pathlib.Path.unlink pathlib.Path.rmdir send2trash.send2trash ?.unlink win32file.DeleteFile **.remove_p **.unlink_p path.Path().remove path.Path().unlink',
  move: 'shutil.move os.rename os.renames os.replace pathlib.Path.rename pathlib.Path.replace',
  copy: 'shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.copymode shutil.copystat distutils.file_util.copy_file distutils.dir_util.copy_tree pathlib.Path.copy',
  link: 'os.symlink os.link pathlib.Path.symlink_to pathlib.Path.hardlink_to pathlib.Path.link_to',
  extract: '**.extractall **.extract shutil.unpack_archive',
  pack: 'shutil.make_archive tarfile.open().add zipfile.ZipFile().write **.TarFile().add **zip*.write **tar*.add py7zr.SevenZipFile().writeall **.writeall',
  list: 'os.walk os.listdir os.scandir os.fwalk glob.glob glob.iglob pathlib.Path.iterdir pathlib.Path.glob pathlib.Path.rglob pathlib.Path.walk',
  chmod: 'os.chmod os.lchmod os.fchmod pathlib.Path.chmod pathlib.Path.lchmod',
  chown: 'os.chown os.lchown os.fchown shutil.chown',
  truncate: 'os.truncate os.ftruncate **.truncate',
  setid: 'os.setuid os.setgid os.seteuid os.setegid os.setreuid os.setregid os.setresuid os.setresgid os.initgroups os.setgroups',
  kill: 'os.kill os.killpg signal.pthread_kill signal.pidfd_send_signal',
  killmethod: '**.kill **.terminate **.suspend **.send_signal',
  fork: 'os.fork os.forkpty pty.fork',
  putenv: 'os.putenv os.environ.update os.environ.setdefault',
  unsetenv: 'os.unsetenv os.environ.pop os.environ.clear',
  unpickle:
    'pickle.load* pickle.Unpickler marshal.load* jsonpickle.decode shelve.open joblib.load torch.load numpy.load pandas.read_pickle pickle.Unpickler().load',
  yaml: 'yaml.load yaml.unsafe_load yaml.full_load yaml.load_all yaml.unsafe_load_all',
  ctypes:
    'ctypes.CDLL ctypes.cdll* ctypes.windll* ctypes.WinDLL ctypes.PyDLL ctypes.oledll* ctypes.CFUNCTYPE* ctypes.memmove ctypes.memset ctypes.string_at ctypes.cast ctypes.POINTER ctypes.create_string_buffer ctypes.util.find_library ctypes.pythonapi*',
  socket: 'socket.socket socket.create_connection socket.getaddrinfo socket.gethostbyname* socket.fromfd socket.SocketType',
  serve:
    'socket.create_server socketserver.*Server http.server.*Server xmlrpc.server.*Server asyncio.start_server **.create_server wsgiref.simple_server.make_server aiohttp.web.run_app pyftpdlib.servers.*Server websockets.serve tornado.httpserver.HTTPServer().listen rpyc.utils.server.*Server',
  socketmethod:
    'socket.socket().connect socket.socket().connect_ex socket.socket().bind socket.socket().listen socket.socket().accept ?.connect ?.connect_ex ?.bind **sock*.bind **sock*.connect **sock*.connect_ex **server*.bind',
  dup: 'os.dup os.dup2 **.dup2',
  sql: '**.execute **.executescript **.executemany **.raw_sql **.executesql **.exec_driver_sql **.read_sql* **.execute_sql **.query **.sql **.fetch **.fetchrow **.fetchval **.run_query',
  send: 'http.client.HTTPConnection().request http.client.HTTPSConnection().request requests.post requests.put requests.patch requests.request httpx.post httpx.put httpx.patch httpx.request **session*.post **session*.put **session*.patch **session*.request requests.Session().post requests.Session().put requests.Session().patch requests.Session().request requests.session().post **Client*.post **Client*.put aiohttp.ClientSession().post aiohttp.ClientSession().put aiohttp.ClientSession().patch aiohttp.ClientSession().request aiohttp.request urllib3.PoolManager().request urllib3.request urllib.request.urlopen urllib.request.Request **.sendall **.sendto **.send **.storbinary **.storlines **.sendmail **.send_message **.upload_file **.upload_fileobj **.upload_blob **.upload_from_* **.put_object **.putfo **.sendfile **.files_upload* **.send_document **.send_file paramiko.**.put paramiko.**.putfo pysftp.**.put scp.**.put **sftp*.put **scp*.put',
  fetch:
    'requests.get requests.head requests.options requests.request httpx.get httpx.head httpx.request httpx.stream **session*.get **session*.head requests.Session().get requests.session().get **Client*.get aiohttp.ClientSession().get aiohttp.ClientSession().request urllib3.PoolManager().request urllib3.request urllib.request.urlopen urllib.request.urlretrieve urllib.request.Request urllib.request.URLopener().* urllib.urlopen urllib.urlretrieve wget.download http.client.HTTPConnection http.client.HTTPSConnection http.client.HTTPConnection().request http.client.HTTPSConnection().request webbrowser.open* webbrowser.get().open gdown.download **.recv **.recvfrom **.recv_into dns.resolver.resolve dns.resolver.query dns.resolver.Resolver().resolve pandas.read_csv **.get() pycurl.Curl().setopt **.retrbinary websocket.create_connection websockets.connect',
  environ: 'os.environ.items os.environ.copy os.environ.values os.environ.keys os.environ os.environb.items os.environb dict',
  show: 'print pprint.pprint pprint.pp rich.print logging.* logger.* log.* sys.stdout.write sys.stderr.write json.dump yaml.dump **.write **.write_text **.writerow **.writerows **.writelines **.info **.debug **.warning click.echo typer.echo',
  text: 'json.dumps str repr pprint.pformat urllib.parse.urlencode urllib.parse.quote base64.b64encode base64.urlsafe_b64encode base64.b32encode base64.encodebytes binascii.hexlify zlib.compress gzip.compress bytes bytearray pickle.dumps',
  machine:
    'socket.gethostname socket.getfqdn platform.* getpass.getuser os.getlogin os.uname os.getuid uuid.getnode psutil.users psutil.net_if_addrs psutil.boot_time pwd.getpwuid pwd.getpwnam sys.getwindowsversion netifaces.* pkg_resources.working_set',
  processes: 'psutil.process_iter psutil.pids psutil.Process psutil.net_connections psutil.get_process_list wmi.WMI().Win32_Process',
  alloc:
    'itertools.repeat bytearray numpy.zeros numpy.ones numpy.empty numpy.full numpy.random.* torch.zeros torch.ones torch.rand* **.seek **.truncate mmap.mmap',
  httpdelete: 'requests.delete httpx.delete **session*.delete requests.Session().delete',
  reveal:
    '**get_secret_value **access_secret_version **read_secret **read_secret_version **get_parameter **get_parameters **get_parameters_by_path **.get_secret **.CredEnumerate **.CredRead **get_frozen_credentials **.read_namespaced_secret **.list_secret_for_all_namespaces',
  tosql: '**.to_sql',
  mailbox: '**.expunge **.dele **.move_to_trash',
  feed: '**.communicate **.stdin.write **.sendline',
  chdir: 'os.chdir os.fchdir',
  ormdelete: '**.delete **.drop_all **.drop_tables **.drop_table **.truncate_table',
  management: 'django.core.management.call_command call_command alembic.command.downgrade command.downgrade',
  container: '**.containers.run **.containers.create **.create_container',
  gitrun: '**.git.*',
  inplace: 'fileinput.input fileinput.FileInput',
  read: '**.read **.readline **.readlines **.readall linecache.getline* fileinput.input json.load json.loads csv.reader csv.DictReader configparser* **.fetchall **.fetchone',
} satisfies Record<string, string>;

export type Act = keyof typeof CALLS;

function compile(names: string): RegExp {
  const each = names
    .trim()
    .split(/\s+/)
    .map((n) =>
      n
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*/g, '\uE000')
        .replace(/\*/g, '\\w*')
        .replace(/\uE000/g, '\\S*'),
    );
  return new RegExp(`^(?:${each.join('|')})$`);
}

const compiled = new Map<Act, RegExp>();
const known = new Map<string, readonly Act[]>();

/** The acts of a call by its name, in the order of the table. */
export function actsOf(name: string): readonly Act[] {
  const before = known.get(name);
  if (before) return before;
  const acts: Act[] = [];
  for (const [act, names] of Object.entries(CALLS) as [Act, string][]) {
    let re = compiled.get(act);
    if (!re) compiled.set(act, (re = compile(names)));
    if (re.test(name)) acts.push(act);
  }
  if (known.size > 4000) known.clear();
  if (name.length < 200) known.set(name, acts);
  return acts;
}

export const does = (name: string, act: Act): boolean => actsOf(name).includes(act);

/** Turns a list of names, written as in {@link CALLS}, into a test. */
export const namesOf = compile;
