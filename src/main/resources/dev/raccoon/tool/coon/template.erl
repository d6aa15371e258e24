%% -- templates: a part of Jinja2

%% Values are binaries, integers, lists, true, false, none, undefined and {app, Map}.
render(Path, Text, Variables) ->
    Segments = segments(Path, Text, 1, false),
    {Nodes, [], []} = nodes(Path, Segments, []),
    {Rendered, _} = render_nodes(Path, Nodes, Variables),
    iolist_to_binary(Rendered).

%% {text, Text} | {print, Line, Source} | {block, Line, Source}
segments(Path, Text, Line, Trim) ->
    Rest0 = case Trim of true -> trim_front(Text); false -> Text end,
    Line0 = Line + lines(Text) - lines(Rest0),
    case opening(Rest0) of
        none -> [{text, Rest0}];
        {At, Kind, Close} ->
            <<Before:At/binary, _:2/binary, After/binary>> = Rest0,
            Line1 = Line0 + lines(Before),
            {Source, Rest} = case binary:split(After, Close) of
                [S, R] -> {S, R};
                _ -> cannot_render(Path, Line1, ["there is no ", Close, " any more"])
            end,
            {Inner, CutBefore, CutAfter} = cuts(Source),
            Shown = case CutBefore of true -> string:trim(Before, trailing); false -> Before end,
            Tail = segments(Path, Rest, Line1 + lines(Source), CutAfter),
            case Kind of
                comment -> [{text, Shown} | Tail];
                _ -> [{text, Shown}, {Kind, Line1, Inner} | Tail]
            end
    end.

opening(Text) ->
    case binary:match(Text, [<<"{{">>, <<"{%">>, <<"{#">>]) of
        nomatch -> none;
        {At, 2} ->
            case binary:part(Text, At, 2) of
                <<"{{">> -> {At, print, <<"}}">>};
                <<"{%">> -> {At, block, <<"%}">>};
                <<"{#">> -> {At, comment, <<"#}">>}
            end
    end.

cuts(Source) ->
    {Front, CutBefore} = case Source of
        <<"-", F/binary>> -> {F, true};
        _ -> {Source, false}
    end,
    Size = max(byte_size(Front) - 1, 0),
    case Front of
        <<Inner:Size/binary, "-">> -> {Inner, CutBefore, true};
        _ -> {Front, CutBefore, false}
    end.

trim_front(Text) -> string:trim(Text, leading).

lines(Text) -> length(binary:matches(Text, <<"\n">>)).

%% Up to a block whose first word is one of Ends, which is handed back with what follows it.
nodes(Path, Segments, Ends) -> nodes(Path, Segments, Ends, []).

nodes(_, [], [], Nodes) -> {lists:reverse(Nodes), [], []};
nodes(_, [], _, _) -> throw(no_end);
nodes(Path, [{block, Line, Source} = Block | Rest], Ends, Nodes) ->
    case tokens(Path, Line, Source) of
        [{name, <<"if">>} | Condition] ->
            {Node, After} = branches(Path, Line, Condition, Rest, []),
            nodes(Path, After, Ends, [Node | Nodes]);
        [{name, <<"set">>}, {name, Name}, '=' | Value] ->
            nodes(Path, Rest, Ends, [{set, Line, Name, Value} | Nodes]);
        [{name, Word} | _] ->
            case lists:member(Word, Ends) of
                true -> {lists:reverse(Nodes), [Block], Rest};
                false -> cannot_render(Path, Line, [Word, " is not supported"])
            end;
        _ -> cannot_render(Path, Line, "this is no statement")
    end;
nodes(Path, [Segment | Rest], Ends, Nodes) -> nodes(Path, Rest, Ends, [Segment | Nodes]).

branches(Path, Line, Condition, Segments, Before) ->
    {Then, [{block, EndLine, End}], Rest} =
        nodes_of_if(Path, Line, Segments, [<<"elif">>, <<"else">>, <<"endif">>]),
    Branches = [{Line, Condition, Then} | Before],
    case tokens(Path, EndLine, End) of
        [{name, <<"elif">>} | Next] -> branches(Path, EndLine, Next, Rest, Branches);
        [{name, <<"endif">>}] -> {{'if', lists:reverse(Branches), []}, Rest};
        [{name, <<"else">>}] ->
            {Else, _, After} = nodes_of_if(Path, EndLine, Rest, [<<"endif">>]),
            {{'if', lists:reverse(Branches), Else}, After};
        _ -> cannot_render(Path, EndLine, "this is no statement")
    end.

nodes_of_if(Path, Line, Segments, Ends) ->
    try nodes(Path, Segments, Ends)
    catch throw:no_end -> cannot_render(Path, Line, "this if has no endif")
    end.

render_nodes(Path, Nodes, Variables) ->
    lists:mapfoldl(fun(Node, Known) -> render_node(Path, Node, Known) end, Variables, Nodes).

render_node(_, {text, Text}, Known) -> {Text, Known};
render_node(Path, {print, Line, Source}, Known) ->
    {show(Path, Line, evaluate(Path, Line, tokens(Path, Line, Source), Known)), Known};
render_node(Path, {set, Line, Name, Tokens}, Known) ->
    {[], Known#{Name => evaluate(Path, Line, Tokens, Known)}};
render_node(Path, {'if', [], Else}, Known) -> render_nodes(Path, Else, Known);
render_node(Path, {'if', [{Line, Condition, Then} | Rest], Else}, Known) ->
    case truth(evaluate(Path, Line, Condition, Known)) of
        true -> render_nodes(Path, Then, Known);
        false -> render_node(Path, {'if', Rest, Else}, Known)
    end.

%% As Python prints it.
show(_, _, Value) when is_binary(Value) -> Value;
show(_, _, undefined) -> <<>>;
show(Path, Line, none) ->
    cannot_render(Path, Line, "this has no value (app.vsn needs app_vsn in the configuration)");
show(Path, Line, {app, _}) -> cannot_render(Path, Line, "app cannot be printed");
show(_, _, Value) -> python(Value).

python(Value) when is_binary(Value) ->
    [$', re:replace(Value, "['\\\\]", "\\\\&", [global]), $'];
python(Value) when is_integer(Value) -> integer_to_list(Value);
python(Value) when is_list(Value) -> ["[", lists:join(", ", [python(V) || V <- Value]), "]"];
python(true) -> "True";
python(false) -> "False";
python(_) -> "None".

truth(Value) ->
    not lists:member(Value, [false, none, undefined, <<>>, [], 0]).
