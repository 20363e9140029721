# bash completion of lazyindex(1)

_lazyindex_options() {
    case $1 in
    '') echo --version ;;
    apply) echo --runtime ;;
    build) echo --output --modules --stamp --depfile ;;
    dump) echo --json ;;
    explain) echo --units ;;
    verify) echo --types --python ;;
    wheel) echo --output --runtime ;;
    esac
    echo --help
}

# Whether the command line so far has an operand behind the command.
_lazyindex_has_operand() {
    local i word
    for ((i = $1 + 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        -o | --output | --runtime | --modules | --stamp | --depfile | \
            --python)
            i=$((i + 1))
            ;;
        -*) ;;
        *) return 0 ;;
        esac
    done
    return 1
}

_lazyindex() {
    local current=${COMP_WORDS[COMP_CWORD]} command='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} != -* ]]; then
            command=${COMP_WORDS[i]}
            break
        fi
    done
    COMPREPLY=()
    compopt -o filenames 2>/dev/null
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -o | --output)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --runtime | --modules | --stamp | --depfile | --python)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(
            compgen -W "$(_lazyindex_options "$command")" -- "$current"
        )
        return
    fi
    case $command in
    '')
        mapfile -t COMPREPLY < <(compgen -W "apply build dump explain revert
            stats status verify wheel" -- "$current")
        ;;
    wheel)
        mapfile -t COMPREPLY < <(
            compgen -d -- "$current"
            compgen -f -X '!*.whl' -- "$current"
        )
        ;;
    *)
        _lazyindex_has_operand "$i" && return
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        case $command in
        dump | stats | verify)
            mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(
                compgen -f -X '!*.lzi' -- "$current"
            )
            ;;
        esac
        ;;
    esac
}
complete -F _lazyindex lazyindex
