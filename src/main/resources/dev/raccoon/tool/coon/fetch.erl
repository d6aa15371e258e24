%% -- fetch

fetch(none, _, _, Converted) -> Converted;
fetch([], _, _, Converted) -> Converted;
fetch([{Name, {git, Url, Revision}} | Rest], Root, Seen, Converted) ->
    case lists:member(Name, Seen) of
        true -> fetch(Rest, Root, Seen, Converted);
        false ->
            length(Seen) < ?MAX_DEPENDENCIES
                orelse cannot_convert("The project has more than 200 dependencies."),
            {More, Now} = fetch_one(Name, Url, Revision, Root),
            fetch(Rest ++ More, Root, [Name | Seen], Now ++ Converted)
    end;
fetch([_ | Rest], Root, Seen, Converted) -> fetch(Rest, Root, Seen, Converted).

%% Its own dependencies, and its folder if it was converted.
fetch_one(Name, Url, Revision, Root) ->
    Folder = filename:join("_build/default/lib", Name),
    Checkout = filename:join("_checkouts", Name),
    case filelib:is_dir(Checkout) of
        true -> {[], []}; % the repository brings its own
        false ->
            clone(Name, Url, Revision, Folder),
            case is_coon(Folder) of
                false -> {[], []};
                true ->
                    ok = filelib:ensure_dir(Checkout),
                    ok = file:rename(Folder, Checkout),
                    Config = read_config(Checkout),
                    say("coon: ~ts is converted as well", [Name]),
                    Context = #{fullname => text(Config, "fullname"), url => Url,
                                git_tag => tag(Revision), git_branch => branch(Revision)},
                    Deps = convert(Checkout, Config, Root, Context),
                    {case Deps of none -> []; _ -> Deps end, [Checkout]}
            end
    end.

tag({tag, Tag}) -> Tag;
tag(_) -> none.

branch({branch, Branch}) -> Branch;
branch(_) -> none.

clone(Name, Url, Revision, Folder) ->
    say("coon: fetching ~ts", [Name]),
    ok = filelib:ensure_dir(Folder),
    {Kind, Text} = Revision,
    refused(Url) orelse refused(Text) orelse ok,
    Whole = fun() ->
        run(["git", "clone", "--quiet", "--", string(Url), Folder], ".", []) =:= 0
            andalso run(["git", "checkout", "--quiet", "--detach", string(Text)], Folder, []) =:= 0
    end,
    Shallow = fun() ->
        run(["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--depth", "1", "--branch", string(Text), "--",
             string(Url), Folder], ".", []) =:= 0
    end,
    Done = case Kind of ref -> Whole(); _ -> Shallow() end,
    Done orelse throw({cannot, "fetch", atom_to_list(Name)}).

head(Name, Url) ->
    refused(Url),
    {Status, Output} = output(["git", "ls-remote", "--", string(Url), "HEAD"]),
    case {Status, binary:split(Output, [<<"\t">>])} of
        {0, [Commit, _]} -> Commit;
        _ -> throw({cannot, "fetch", Name})
    end.

%% What git would take for an option.
refused(<<"-", _/binary>> = Text) -> cannot_convert(["deps: ", Text, " is no address or revision."]);
refused(_) -> false.
