#!/usr/bin/env escript
%% Makes a rebar3 project of a coon or enot project, and of those of its dependencies that are one
%% as well. It runs in a build's sandbox, in the tree's root, with OTP 25 and later:
%%
%%   convert  renders src/*.app.src, writes rebar.config, and fetches git dependencies
%%   build    runs the prebuild commands, and make in c_src
%%
%% A dependency of the same kind goes to _checkouts, where rebar3 takes it before it fetches
%% anything; another one goes to where rebar3 would have put it itself. The nearest to the root
%% counts where several ask for the same.
%%
%% It ends with 1 and a line "coon: cannot ..." for what is wrong; CoonDiagnosis reads it.
-mode(compile).

-define(OF_BUILDS, [<<"app_vsn">>, <<"deps">>, <<"prebuild">>, <<"build_vars">>, <<"c_build_vars">>]).
-define(OTHERS, ["rebar.config", "rebar.config.script", "erlang.mk", "Makefile", "mix.exs"]).
-define(MAX_BYTES, 262144).
-define(MAX_DEPENDENCIES, 200).
-define(CONVERTED, ".raccoon/converted").

main(Steps) ->
    io:setopts([{encoding, unicode}]),
    try lists:foreach(fun step/1, Steps)
    catch
        throw:{cannot, What, Why} ->
            say("coon: cannot ~ts ~ts", [What, printable(Why)]),
            halt(1)
    end.

step("convert") ->
    Root = read_config("."),
    ok = filelib:ensure_dir(?CONVERTED),
    Deps = convert(".", Root, Root, context(Root)),
    Itself = list_to_atom(application(".")), % is never fetched, even where a cycle leads back
    Converted = fetch(Deps, Root, [Itself], []),
    write_terms(?CONVERTED, [Converted ++ ["."]]);
step("build") ->
    {ok, [Folders]} = file:consult(?CONVERTED),
    Root = read_config("."),
    lists:foreach(fun(Dir) -> build(Dir, read_config(Dir), Root) end, Folders).

%% -- configuration

%% Its path and what it holds; {none, #{}} where there is none.
read_config(Dir) ->
    case [Name || Name <- ["enot_config.json", "coonfig.json"],
                  filelib:is_regular(filename:join(Dir, Name))] of
        [] ->
            {none, #{}};
        [Name | _] ->
            Path = path(Dir, Name),
            filelib:file_size(Path) =< ?MAX_BYTES
                orelse cannot_convert(Path ++ " is larger than 262144 bytes."),
            {ok, Bytes} = file:read_file(Path),
            case json(Path, Bytes) of
                Map when is_map(Map) -> {Path, Map};
                _ -> cannot_convert(Path ++ " holds no JSON object.")
            end
    end.

%% By the same rule as RepositoryConfig's.
is_coon(Dir) ->
    case read_config(Dir) of
        {none, _} -> false;
        {_, Config} ->
            lists:any(fun(Key) -> maps:is_key(Key, Config) end, ?OF_BUILDS)
                orelse not lists:any(
                    fun(Name) -> filelib:is_regular(filename:join(Dir, Name)) end, ?OTHERS)
    end.

value({File, Config}, Key, Default, Check, Form) ->
    case maps:get(list_to_binary(Key), Config, Default) of
        Default -> Default;
        null -> Default;
        Value ->
            Check(Value) orelse cannot_convert([File, ": ", Key, " must be ", Form, "."]),
            Value
    end.

list(Config, Key) -> value(Config, Key, [], fun is_list/1, "a list").
flag(Config, Key) -> value(Config, Key, false, fun is_boolean/1, "true or false").
text(Config, Key) -> value(Config, Key, none, fun is_binary/1, "a text").

%% Pairs of a list of objects, as of [{"A": "1"}, {"B": "2", "C": "3"}].
pairs({File, _} = Config, Key) ->
    lists:flatmap(
        fun(Entry) when is_map(Entry) -> maps:to_list(Entry);
           (Entry) when is_binary(Entry) -> [Entry];
           (_) -> cannot_convert([File, ": ", Key, " has an entry that is neither object nor text."])
        end, list(Config, Key)).

%% -- convert: rebar.config and resource files

convert(Dir, Config, Root, Context) ->
    Deps = deps(Config, Root),
    render_resource_files(Dir, Config, Deps, Context),
    write_rebar_config(Dir, Config, Deps, defines(Config, Root)),
    Deps.

context({_, _} = Config) ->
    #{fullname => env("COON_FULLNAME", text(Config, "fullname")),
      git_tag => env("COON_REF", text(Config, "tag")),
      git_branch => text(Config, "branch"),
      url => text(Config, "url")}.

env(Name, Default) ->
    case os:getenv(Name) of
        false -> Default;
        Value -> unicode:characters_to_binary(Value)
    end.

deps({none, _}, _) -> [];
deps({File, Map} = Config, Root) ->
    Entries = list(Config, "deps"),
    length(Entries) =< ?MAX_DEPENDENCIES orelse cannot_convert([File, ": deps has too many entries."]),
    Locks = locks(Root),
    case maps:is_key(<<"deps">>, Map) of
        true -> [dep(File, Entry, Locks) || Entry <- Entries];
        false -> none
    end.

dep(File, Entry, Locks) ->
    is_map(Entry) orelse cannot_convert([File, ": an entry of deps is no object."]),
    One = {File ++ ", deps", Entry},
    Name = text(One, "name"),
    is_name(Name) orelse cannot_convert([File, ": an entry of deps has no name of an application."]),
    case {text(One, "url"), text(One, "tag"), text(One, "branch")} of
        {none, none, _} -> {binary_to_atom(Name), none};
        {none, Tag, _} -> {binary_to_atom(Name), {hex, Tag}};
        {Url, Tag, _} when Tag =/= none -> {binary_to_atom(Name), {git, Url, {tag, Tag}}};
        {Url, none, none} -> {binary_to_atom(Name), {git, Url, {ref, head(Name, Url)}}};
        {Url, none, Branch} -> {binary_to_atom(Name), {git, Url, locked(Url, Branch, Locks)}}
    end.

%% Of a branch, the client writes down which commit it has taken: {"ns/name": "branch-commit"}.
locks({File, _}) ->
    Dir = case File of none -> "."; _ -> filename:dirname(File) end,
    case [P || N <- ["enot_locks.json", "coon_locks.json"], P <- [path(Dir, N)],
               filelib:is_regular(P), filelib:file_size(P) =< ?MAX_BYTES] of
        [] -> #{};
        [Path | _] ->
            {ok, Bytes} = file:read_file(Path),
            case json(Path, Bytes) of
                Map when is_map(Map) -> Map;
                _ -> cannot_convert(Path ++ " holds no JSON object.")
            end
    end.

locked(Url, Branch, Locks) ->
    Cut = re:replace(Url, "\\.git$", "", [{return, binary}]),
    FullName = case lists:reverse(binary:split(Cut, [<<"/">>, <<":">>], [global])) of
        [Name, Space | _] -> <<Space/binary, "/", Name/binary>>;
        _ -> Cut
    end,
    Size = byte_size(Branch),
    case maps:get(FullName, Locks, none) of
        <<Branch:Size/binary, "-", Commit/binary>> when Commit =/= <<>> -> {ref, Commit};
        _ -> {branch, Branch}
    end.

%% {"V": "3"} is -DV=3 to the compiler, "DBG" is -DDBG.
defines(Config, Root) ->
    {File, _} = From = case flag(Root, "override") of true -> Root; false -> Config end,
    [case Var of
         {Name, Value} -> {d, binary_to_atom(Name), macro(File, Name, Value)};
         Name -> {d, binary_to_atom(Name)}
     end || Var <- pairs(From, "build_vars")].

macro(File, Name, Value) ->
    Text = case Value of
        {number, Digits} -> Digits;
        _ when is_binary(Value) -> Value;
        _ -> cannot_convert([File, ": build_vars: ", Name, " must be a text."])
    end,
    Source = unicode:characters_to_list(Text) ++ ".",
    case erl_scan:string(Source) of
        {ok, Tokens, _} ->
            case erl_parse:parse_term(Tokens) of
                {ok, Term} -> Term;
                _ -> cannot_convert([File, ": build_vars: ", Name, " is no Erlang term."])
            end;
        _ -> cannot_convert([File, ": build_vars: ", Name, " is no Erlang term."])
    end.

%% What the package configuration does not say stays as the rebar.config has it.
write_rebar_config(Dir, _, Deps, Defines) ->
    Path = path(Dir, "rebar.config"),
    Terms = case file:consult(Path) of
        {ok, Read} -> Read;
        {error, enoent} -> [{erl_opts, [debug_info]}];
        {error, {Line, Module, Info}} ->
            cannot_convert([Path, ", line ", integer_to_list(Line), ": ", Module:format_error(Info)]);
        {error, Reason} -> cannot_convert([Path, ": ", file:format_error(Reason)])
    end,
    WithDeps = case Deps of
        none -> Terms;
        _ -> lists:keystore(deps, 1, Terms, {deps, [rebar_dep(Dep) || Dep <- Deps]})
    end,
    Options = proplists:get_value(erl_opts, Terms, []),
    All = case Defines of
        [] -> WithDeps;
        _ -> lists:keystore(erl_opts, 1, WithDeps, {erl_opts, Options ++ Defines})
    end,
    write_terms(Path, All).

rebar_dep({Name, none}) -> Name;
rebar_dep({Name, {hex, Version}}) -> {Name, string(Version)};
rebar_dep({Name, {git, Url, {Kind, Text}}}) -> {Name, {git, string(Url), {Kind, string(Text)}}}.

write_terms(Path, Terms) ->
    Text = ["%% coding: utf-8\n" | [io_lib:format("~tp.~n", [Term]) || Term <- Terms]],
    _ = file:delete(Path), % a link is replaced, not followed
    ok = file:write_file(Path, unicode:characters_to_binary(Text)).

%% -- words

say(Format, Arguments) -> io:put_chars([io_lib:format(Format, Arguments), $\n]).

cannot_convert(Why) -> throw({cannot, "convert:", Why}).

failed(What, Status) ->
    throw({cannot, "build:", [What, " ended with status ", integer_to_list(Status), "."]}).

%% In one line, and not long.
printable(Why) ->
    Line = re:replace(unicode:characters_to_binary(Why), "[\\x{0}-\\x{1f}\\x{7f}]+", " ",
                      [global, unicode, {return, binary}]),
    string:slice(Line, 0, 300).

is_name(Name) ->
    is_binary(Name) andalso re:run(Name, "^[a-z][a-zA-Z0-9_@]{0,254}\\z", [{capture, none}]) =:= match.

string(Text) -> unicode:characters_to_list(Text).

path(".", Name) -> Name;
path(Dir, Name) -> filename:join(Dir, Name).
