/**
 * The program that runs in a live Python (3.8 or later) and executes the session's cells. It is called with the path
 * of the control socket. A cell that forks leaves a child that must not answer for its parent.
 */
export const pythonDriver = String.raw`
import ast, asyncio, inspect, json, linecache, os, signal, socket, sys, traceback, types

class Driver:
    def __init__(self, path):
        self.driver_file = __file__
        self.control = socket.socket(socket.AF_UNIX)
        self.control.connect(path)
        self.requests = self.control.makefile('r', encoding='utf-8')
        self.saved = [os.dup(fd) for fd in (0, 1, 2)]
        self.module = types.ModuleType('__main__')
        self.module.__dict__['__builtins__'] = __builtins__
        sys.modules['__main__'] = self.module
        sys.path[0] = ''
        self.loop = None
        self.pid = os.getpid()

    def serve(self):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for line in self.requests:
            request = json.loads(line)
            reply = self.execute(request)
            self.finish(request, reply)

    def finish(self, request, reply):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        if os.getpid() != self.pid:
            os._exit(reply['exit'])
        self.restore()
        for fd in self.saved[1:]:
            write_all(fd, request['marker'].encode('latin-1'))
        umask = os.umask(0o77)
        os.umask(umask)
        try:
            cwd = os.getcwd()
        except OSError:
            cwd = request['cwd']
        reply.update(cwd=cwd, umask=umask, env=dict(os.environ))
        for name in request['secrets']:
            os.environ.pop(name, None)
        self.control.sendall((json.dumps(reply) + '\n').encode('ascii'))

    def restore(self):
        # exit() closes stdin; cells may close or redirect the others.
        for fd, name, mode in ((0, 'stdin', 'r'), (1, 'stdout', 'w'), (2, 'stderr', 'w')):
            stream = getattr(sys, name)
            if stream is None or getattr(stream, 'closed', False):
                os.dup2(self.saved[fd], fd)
                setattr(sys, name, open(fd, mode, 1 if mode == 'w' else -1, closefd=False))

    def execute(self, request):
        self.prepare(request)
        reply = {'exit': 0, 'interrupted': False}
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            try:
                self.run(request)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except SystemExit as end:
            reply['exit'] = exit_code(end.code)
            if reply['exit'] != 0:
                reply['failed'] = self.failed_line(end, request)
        except BaseException as error:
            reply['exit'] = 130 if isinstance(error, KeyboardInterrupt) else 1
            reply['interrupted'] = isinstance(error, KeyboardInterrupt)
            reply['failed'] = self.failed_line(error, request)
            self.show(error)
        if reply.get('failed') is None:
            reply.pop('failed', None)
        return reply

    def prepare(self, request):
        env = request['env']
        for name in [name for name in os.environ if name not in env]:
            del os.environ[name]
        for name, value in env.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
        os.chdir(request['cwd'])
        os.umask(request['umask'])
        sys.argv = [request['file']]
        self.module.__file__ = request['file']
        self.remember(request)

    def remember(self, request):
        # Tracebacks show the text that ran, not what the file holds by now.
        file, first = request['file'], request['line'] - 1
        lines = list(linecache.cache[file][2]) if file in linecache.cache else []
        text = request['text'].splitlines(True)
        lines += ['\n'] * (first + len(text) - len(lines))
        lines[first:first + len(text)] = text
        linecache.cache[file] = (sum(map(len, lines)), None, lines, file)

    def run(self, request):
        source = '\n' * (request['line'] - 1) + request['text']
        tree = ast.parse(source, request['file'])
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self.evaluate(compile(tree, request['file'], 'exec', flags))
        if last is not None:
            shown = self.evaluate(compile(ast.Expression(last.value), request['file'], 'eval', flags))
            if not request.get('exact'): sys.displayhook(shown)

    def evaluate(self, code):
        result = eval(code, self.module.__dict__)
        if not code.co_flags & inspect.CO_COROUTINE:
            return result
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)
        return self.loop.run_until_complete(result)

    def show(self, error):
        trace = error.__traceback__
        while trace is not None and self.is_ours(trace):
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename != self.driver_file and trace is not None:
            if trace.tb_frame.f_code.co_filename == ast.__file__:
                trace = None
        if sys.excepthook is sys.__excepthook__:
            # Python's own reads the file, which by now may hold another text.
            traceback.print_exception(type(error), error.with_traceback(trace), trace)
        else:
            sys.excepthook(type(error), error.with_traceback(trace), trace)

    def is_ours(self, trace):
        file = trace.tb_frame.f_code.co_filename
        return file == self.driver_file or file.startswith(os.path.dirname(asyncio.__file__) + os.sep)

    def failed_line(self, error, request):
        first = request['line']
        lines = range(first, first + len(request['text'].splitlines()))
        found = None
        if isinstance(error, SyntaxError) and error.filename == request['file']:
            found = error.lineno
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == request['file'] and trace.tb_lineno in lines:
                found = trace.tb_lineno
            trace = trace.tb_next
        return found if found in lines else None

flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

def exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff
    print(code, file=sys.stderr)
    return 1

def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]

driver = Driver(sys.argv[1])
driver.serve()
os._exit(0)
`;
