%% -- JSON: objects are maps of binaries, numbers are {number, Digits}

json(Path, Bytes) ->
    try {Value, Rest} = json_value(space(Bytes)), {Value, space(Rest)} of
        {Read, <<>>} -> Read;
        {_, After} -> no_json(Path, Bytes, After)
    catch
        throw:{json, Wrong} -> no_json(Path, Bytes, Wrong)
    end.

no_json(Path, Bytes, Rest) ->
    Read = binary:part(Bytes, 0, byte_size(Bytes) - byte_size(Rest)),
    cannot_convert([Path, ", line ", integer_to_list(lines(Read) + 1), ": this is no JSON."]).

space(<<C, Rest/binary>>) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r -> space(Rest);
space(Rest) -> Rest.

json_value(<<"{", Rest/binary>>) ->
    case space(Rest) of
        <<"}", After/binary>> -> {#{}, After};
        Members -> json_members(Members, #{})
    end;
json_value(<<"[", Rest/binary>>) ->
    case space(Rest) of
        <<"]", After/binary>> -> {[], After};
        Elements -> json_elements(Elements, [])
    end;
json_value(<<"\"", Rest/binary>>) -> json_text(Rest, <<>>);
json_value(<<"true", Rest/binary>>) -> {true, Rest};
json_value(<<"false", Rest/binary>>) -> {false, Rest};
json_value(<<"null", Rest/binary>>) -> {null, Rest};
json_value(Bytes) ->
    case re:run(Bytes, "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
                [{capture, first, binary}]) of
        {match, [Digits]} ->
            Size = byte_size(Digits),
            <<_:Size/binary, Rest/binary>> = Bytes,
            {{number, Digits}, Rest};
        nomatch -> throw({json, Bytes})
    end.

json_members(<<"\"", Rest/binary>>, Map) ->
    {Key, AfterKey} = json_text(Rest, <<>>),
    case space(AfterKey) of
        <<":", AfterColon/binary>> ->
            {Value, After} = json_value(space(AfterColon)),
            case space(After) of
                <<",", More/binary>> -> json_members(space(More), Map#{Key => Value});
                <<"}", End/binary>> -> {Map#{Key => Value}, End};
                Other -> throw({json, Other})
            end;
        Other -> throw({json, Other})
    end;
json_members(Other, _) -> throw({json, Other}).

json_elements(Bytes, All) ->
    {Value, After} = json_value(Bytes),
    case space(After) of
        <<",", More/binary>> -> json_elements(space(More), [Value | All]);
        <<"]", End/binary>> -> {lists:reverse([Value | All]), End};
        Other -> throw({json, Other})
    end.

json_text(<<"\"", Rest/binary>>, Text) -> {Text, Rest};
json_text(<<"\\u", High:4/binary, "\\u", Low:4/binary, Rest/binary>> = All, Text) ->
    case {hex(High, All), hex(Low, All)} of
        {H, L} when H >= 16#D800, H < 16#DC00, L >= 16#DC00, L < 16#E000 ->
            Point = 16#10000 + ((H - 16#D800) bsl 10) + (L - 16#DC00),
            json_text(Rest, <<Text/binary, Point/utf8>>);
        {H, _} -> json_text(<<"\\u", Low/binary, Rest/binary>>, character(H, Text, All))
    end;
json_text(<<"\\u", Digits:4/binary, Rest/binary>> = All, Text) ->
    json_text(Rest, character(hex(Digits, All), Text, All));
json_text(<<"\\", C, Rest/binary>> = All, Text) ->
    case lists:keyfind(C, 1, [{$", $"}, {$\\, $\\}, {$/, $/}, {$b, 8}, {$f, 12}, {$n, 10},
                              {$r, 13}, {$t, 9}]) of
        {_, Meant} -> json_text(Rest, <<Text/binary, Meant>>);
        false -> throw({json, All})
    end;
json_text(<<C, _/binary>> = All, _) when C < 32 -> throw({json, All});
json_text(<<C/utf8, Rest/binary>>, Text) -> json_text(Rest, <<Text/binary, C/utf8>>);
json_text(Other, _) -> throw({json, Other}).

hex(Digits, All) ->
    try binary_to_integer(Digits, 16) catch error:badarg -> throw({json, All}) end.

character(C, _, All) when C >= 16#D800, C < 16#E000 -> throw({json, All});
character(C, Text, _) -> <<Text/binary, C/utf8>>.
