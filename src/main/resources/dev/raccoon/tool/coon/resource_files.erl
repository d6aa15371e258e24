%% -- resource files, which may be templates

render_resource_files(Dir, Config, Deps, Context) ->
    lists:foreach(
        fun(Path) ->
            {ok, Bytes} = file:read_file(Path),
            case binary:match(Bytes, [<<"{{">>, <<"{%">>]) of
                nomatch -> ok;
                _ ->
                    App = app(Dir, Config, Deps, Context, Bytes),
                    Rendered = render(Path, Bytes, variables(Dir, App)),
                    _ = file:delete(Path),
                    ok = file:write_file(Path, Rendered)
            end
        end,
        lists:sort(filelib:wildcard(filename:join([Dir, "src", "*.app.src"])))).

%% What the client's templates see as "app".
app(Dir, Config, Deps, Context, ResourceFile) ->
    Tag = maps:get(git_tag, Context),
    Branch = maps:get(git_branch, Context),
    {app, maps:merge(
        #{<<"name">> => app_name(ResourceFile, Config),
          <<"vsn">> => app_vsn(ResourceFile, Config),
          <<"std_apps">> => [<<"kernel">>, <<"stdlib">>],
          <<"apps">> => case Deps of
              none -> [];
              _ -> [atom_to_binary(Name) || {Name, _} <- Deps]
          end,
          <<"git_vsn">> => case Tag of none -> Branch; _ -> Tag end,
          <<"has_nifs">> => filelib:is_dir(filename:join(Dir, "c_src"))},
        maps:fold(fun(Key, Value, All) -> All#{atom_to_binary(Key) => Value} end, #{}, Context))}.

app_name(ResourceFile, Config) ->
    case re:run(ResourceFile, "\\{\\s*application\\s*,\\s*'?([a-z][a-zA-Z0-9_@]*)",
                [{capture, [1], binary}]) of
        {match, [Name]} -> Name;
        nomatch -> text(Config, "name")
    end.

app_vsn(ResourceFile, Config) ->
    case text(Config, "app_vsn") of
        none ->
            case re:run(ResourceFile, "\\{\\s*vsn\\s*,\\s*\"([^\"{]*)\"", [{capture, [1], binary}]) of
                {match, [Vsn]} -> Vsn;
                nomatch -> none
            end;
        Vsn -> Vsn
    end.

variables(Dir, App) ->
    {ok, Host} = inet:gethostname(),
    Environment = maps:from_list(
        [{unicode:characters_to_binary(Name), unicode:characters_to_binary(Value)}
         || {Name, Value} <- os:env()]),
    Environment#{<<"app">> => App,
                 <<"modules">> => modules(filename:join(Dir, "src")),
                 <<"hostname">> => list_to_binary(Host),
                 <<"erl">> => list_to_binary(erlang:system_info(otp_release))}.

modules(Src) ->
    lists:usort(filelib:fold_files(Src, "\\.erl$", true,
        fun(File, All) -> [list_to_binary(filename:basename(File, ".erl")) | All] end, [])).
