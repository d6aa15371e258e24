%% -- build: prebuild commands and native code

build(Dir, Config, Root) ->
    From = case flag(Root, "override") of true -> Root; false -> Config end,
    Disabled = flag(Config, "disable_prebuild")
        orelse (flag(Root, "override") andalso flag(Root, "disable_prebuild")),
    Disabled orelse lists:foreach(fun(Step) -> prebuild(Dir, Config, Step) end, list(Config, "prebuild")),
    filelib:is_dir(filename:join(Dir, "c_src")) andalso native(Dir, From).

prebuild(Dir, {File, _}, Step) ->
    case is_map(Step) andalso maps:to_list(Step) of
        [{<<"shell">>, Command}] when is_binary(Command) ->
            say("coon: ~ts", [Command]),
            case run(["sh", "-c", string(Command)], Dir, []) of
                0 -> ok;
                Status -> failed([File, ": prebuild: ", Command], Status)
            end;
        _ -> cannot_convert([File, ": a step of prebuild is no {\"shell\": COMMAND}."])
    end.

native(Dir, From) ->
    Source = filename:join(Dir, "c_src"),
    case has_makefile(Source) orelse lay_makefile(Dir, Source) of
        false -> ok;
        true ->
            ok = filelib:ensure_dir(filename:join([Dir, "priv", "x"])),
            say("coon: make -C ~ts", [path(Dir, "c_src")]),
            case run(["make", "-C", "c_src"], Dir, c_environment(From)) of
                0 -> ok;
                Status -> failed(["make -C ", path(Dir, "c_src")], Status)
            end
    end.

has_makefile(Source) ->
    lists:any(fun(Name) -> filelib:is_regular(filename:join(Source, Name)) end,
              ["GNUmakefile", "makefile", "Makefile"]).

c_environment({File, _} = Config) ->
    [case Var of
         {Name, Value} when is_binary(Value) -> {string(Name), string(Value)};
         {Name, {number, Digits}} -> {string(Name), string(Digits)};
         _ -> cannot_convert([File, ": c_build_vars must be a list of {NAME: TEXT}."])
     end || Var <- pairs(Config, "c_build_vars")].

%% The client brings a Makefile of its own where there is none: one shared object of all sources.
lay_makefile(Dir, Source) ->
    case filelib:fold_files(Source, "\\.(c|cc|cpp|C)$", true, fun(F, All) -> [F | All] end, []) of
        [] -> false;
        Files ->
            Objects = [[" ", filename:rootname(string:prefix(F, Source ++ "/")), ".o"]
                       || F <- lists:sort(Files)],
            Text = ["CC ?= cc\nCXX ?= c++\nCFLAGS ?= -O3 -std=c99\nCXXFLAGS ?= -O3\n",
                    ["override CPPFLAGS += -fPIC", [[" -I", I] || I <- includes()], "\n"],
                    "all: ../priv/", application(Dir), ".so\n",
                    ["../priv/", application(Dir), ".so:"], Objects, "\n\t$(CC) -shared $(LDFLAGS) -o $@ $^ $(LDLIBS)\n",
                    "%.o: %.c\n\t$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<\n",
                    [["%.o: %.", E, "\n\t$(CXX) $(CXXFLAGS) $(CPPFLAGS) -c -o $@ $<\n"]
                     || E <- ["cc", "cpp", "C"]]],
            ok = file:write_file(filename:join(Source, "Makefile"), Text),
            true
    end.

includes() ->
    Root = code:root_dir(),
    [filename:join([Root, "erts-" ++ erlang:system_info(version), "include"]),
     filename:join([Root, "usr", "include"])].

application(Dir) ->
    case filelib:wildcard(filename:join([Dir, "src", "*.app.src"])) of
        [File | _] -> filename:basename(File, ".app.src");
        [] -> filename:basename(filename:absname(Dir))
    end.

%% -- commands

%% Its status; both of its streams are printed.
run([Program | Args], Dir, Env) ->
    Port = open(Program, Args, [{cd, Dir}, {env, Env}, stderr_to_stdout]),
    io:setopts([{encoding, latin1}]), % bytes as they come
    Status = copy(Port),
    io:setopts([{encoding, unicode}]),
    Status.

copy(Port) ->
    receive
        {Port, {data, Data}} -> io:put_chars(binary_to_list(Data)), copy(Port);
        {Port, {exit_status, Status}} -> Status
    end.

output([Program | Args]) ->
    collect(open(Program, Args, []), []).

collect(Port, All) ->
    receive
        {Port, {data, Data}} -> collect(Port, [All, Data]);
        {Port, {exit_status, Status}} -> {Status, iolist_to_binary(All)}
    end.

open(Program, Args, Options) ->
    case os:find_executable(Program) of
        false -> throw({cannot, "run", Program});
        Path -> open_port({spawn_executable, Path}, [{args, Args}, exit_status, binary | Options])
    end.
