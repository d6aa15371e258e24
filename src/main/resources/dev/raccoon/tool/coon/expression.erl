%% -- expressions of templates

evaluate(Path, Line, Tokens, Known) ->
    case 'or'(Tokens, {Path, Line, Known}) of
        {Value, []} -> Value;
        {_, [Token | _]} -> unexpected(Token, {Path, Line, Known})
    end.

'or'(Tokens, At) ->
    case 'and'(Tokens, At) of
        {Left, [{name, <<"or">>} | Rest]} ->
            {Right, After} = 'or'(Rest, At),
            {case truth(Left) of true -> Left; false -> Right end, After};
        Other -> Other
    end.

'and'(Tokens, At) ->
    case 'not'(Tokens, At) of
        {Left, [{name, <<"and">>} | Rest]} ->
            {Right, After} = 'and'(Rest, At),
            {case truth(Left) of true -> Right; false -> Left end, After};
        Other -> Other
    end.

'not'([{name, <<"not">>} | Rest], At) ->
    {Value, After} = 'not'(Rest, At),
    {not truth(Value), After};
'not'(Tokens, At) -> comparison(sum(Tokens, At), At).

comparison({Left, ['==' | Rest]}, At) ->
    {Right, After} = sum(Rest, At), comparison({Left =:= Right, After}, At);
comparison({Left, ['!=' | Rest]}, At) ->
    {Right, After} = sum(Rest, At), comparison({Left =/= Right, After}, At);
comparison({Left, [{name, <<"in">>} | Rest]}, At) ->
    {Right, After} = sum(Rest, At), comparison({is_in(Left, Right, At), After}, At);
comparison({Left, [{name, <<"not">>}, {name, <<"in">>} | Rest]}, At) ->
    {Right, After} = sum(Rest, At), comparison({not is_in(Left, Right, At), After}, At);
comparison({Left, [{name, <<"is">>}, {name, <<"defined">>} | Rest]}, At) ->
    comparison({Left =/= undefined, Rest}, At);
comparison({Left, [{name, <<"is">>}, {name, <<"not">>}, {name, <<"defined">>} | Rest]}, At) ->
    comparison({Left =:= undefined, Rest}, At);
comparison(Other, _) -> Other.

is_in(Value, All, _) when is_list(All) -> lists:member(Value, All);
is_in(Value, All, _) when is_binary(Value), is_binary(All) ->
    Value =:= <<>> orelse binary:match(All, Value) =/= nomatch;
is_in(_, _, At) -> wrong("in needs a list", At).

sum(Tokens, At) -> sum_more(filtered(Tokens, At), At).

sum_more({Left, ['+' | Rest]}, At) ->
    {Right, After} = filtered(Rest, At),
    sum_more({plus(Left, Right, At), After}, At);
sum_more({Left, ['~' | Rest]}, At) ->
    {Right, After} = filtered(Rest, At),
    {Path, Line, _} = At,
    sum_more({iolist_to_binary([show(Path, Line, Left), show(Path, Line, Right)]), After}, At);
sum_more(Other, _) -> Other.

plus(A, B, _) when is_list(A), is_list(B) -> A ++ B;
plus(A, B, _) when is_binary(A), is_binary(B) -> <<A/binary, B/binary>>;
plus(A, B, _) when is_integer(A), is_integer(B) -> A + B;
plus(_, _, At) -> wrong("+ needs two lists, texts or numbers", At).

filtered(Tokens, At) -> filtered_more(primary(Tokens, At), At).

filtered_more({Value, ['.', {name, Name} | Rest]}, At) ->
    filtered_more({property(Value, Name, At), Rest}, At);
filtered_more({Value, ['|', {name, <<"join">>} | Rest]}, At) when is_list(Value) ->
    {Separator, After} = argument(Rest, <<>>, At),
    {Path, Line, _} = At,
    Shown = lists:join(Separator, [show(Path, Line, V) || V <- Value]),
    filtered_more({iolist_to_binary(Shown), After}, At);
filtered_more({Value, ['|', {name, <<"default">>} | Rest]}, At) ->
    {Default, After} = argument(Rest, <<>>, At),
    filtered_more({case Value of undefined -> Default; _ -> Value end, After}, At);
filtered_more({Value, ['|', {name, <<"lower">>} | Rest]}, At) when is_binary(Value) ->
    filtered_more({string:lowercase(Value), Rest}, At);
filtered_more({Value, ['|', {name, <<"upper">>} | Rest]}, At) when is_binary(Value) ->
    filtered_more({string:uppercase(Value), Rest}, At);
filtered_more({_, ['|', {name, Name} | _]}, At) ->
    wrong(["the filter ", Name, " is not supported here"], At);
filtered_more(Other, _) -> Other.

argument(['(' | Rest], _, At) ->
    case 'or'(Rest, At) of
        {Value, [')' | After]} -> {Value, After};
        {_, [Token | _]} -> unexpected(Token, At);
        {_, []} -> wrong("a ) is missing", At)
    end;
argument(Rest, Default, _) -> {Default, Rest}.

property({app, App}, Name, At) ->
    case maps:find(Name, App) of
        {ok, Value} -> Value;
        error -> wrong(["app.", Name, " is not known"], At)
    end;
property(_, Name, At) -> wrong([".", Name, " is not supported"], At).

primary([{text, Text} | Rest], _) -> {Text, Rest};
primary([{number, Number} | Rest], _) -> {Number, Rest};
primary([{name, Name} | Rest], At) ->
    case Name of
        _ when Name =:= <<"true">>; Name =:= <<"True">> -> {true, Rest};
        _ when Name =:= <<"false">>; Name =:= <<"False">> -> {false, Rest};
        _ when Name =:= <<"none">>; Name =:= <<"None">> -> {none, Rest};
        _ -> {_, _, Known} = At, {maps:get(Name, Known, undefined), Rest}
    end;
primary(['(' | _] = Tokens, At) -> argument(Tokens, none, At);
primary(['[', ']' | Rest], _) -> {[], Rest};
primary(['[' | Rest], At) -> elements(Rest, [], At);
primary([Token | _], At) -> unexpected(Token, At);
primary([], At) -> wrong("an expression is missing", At).

elements(Tokens, All, At) ->
    case 'or'(Tokens, At) of
        {Value, [']' | Rest]} -> {lists:reverse([Value | All]), Rest};
        {Value, [',', ']' | Rest]} -> {lists:reverse([Value | All]), Rest};
        {Value, [',' | Rest]} -> elements(Rest, [Value | All], At);
        {_, [Token | _]} -> unexpected(Token, At);
        {_, []} -> wrong("a ] is missing", At)
    end.

tokens(Path, Line, Source) -> tokens(Path, Line, Source, []).

tokens(_, _, <<>>, All) -> lists:reverse(All);
tokens(Path, Line, <<Quote, Rest/binary>>, All) when Quote =:= $'; Quote =:= $" ->
    case binary:split(Rest, <<Quote>>) of
        [Text, After] -> tokens(Path, Line, After, [{text, Text} | All]);
        _ -> cannot_render(Path, Line, "a quote is missing")
    end;
tokens(Path, Line, <<C, Rest/binary>>, All) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r ->
    tokens(Path, Line, Rest, All);
tokens(Path, Line, <<Two:2/binary, Rest/binary>>, All) when Two =:= <<"==">>; Two =:= <<"!=">> ->
    tokens(Path, Line, Rest, [binary_to_atom(Two) | All]);
tokens(Path, Line, Source, All) ->
    case re:run(Source, "^(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9]{1,18})|([][(),.+~|=]))",
                [{capture, all_but_first, binary}]) of
        {match, [Name]} -> next(Path, Line, Source, Name, {name, Name}, All);
        {match, [_, Digits]} ->
            next(Path, Line, Source, Digits, {number, binary_to_integer(Digits)}, All);
        {match, [_, _, Sign]} -> next(Path, Line, Source, Sign, binary_to_atom(Sign), All);
        nomatch -> cannot_render(Path, Line, ["what begins with ", first(Source), " is not supported"])
    end.

next(Path, Line, Source, Text, Token, All) ->
    Size = byte_size(Text),
    <<_:Size/binary, Rest/binary>> = Source,
    tokens(Path, Line, Rest, [Token | All]).

first(Source) -> string:slice(Source, 0, 10).

unexpected({number, Number}, At) -> unexpected({name, integer_to_binary(Number)}, At);
unexpected({_, Text}, At) -> wrong(["the word ", Text, " is not expected here"], At);
unexpected(Sign, At) -> wrong([atom_to_list(Sign), " is not expected here"], At).

wrong(Why, {Path, Line, _}) -> cannot_render(Path, Line, Why).

cannot_render(Path, Line, Why) ->
    cannot_convert([Path, ", line ", integer_to_list(Line), ": ", Why, "."]).
