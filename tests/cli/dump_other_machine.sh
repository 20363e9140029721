# Two empty pages and a trailer that says 32 bits; its own hash is right.
head -c 8192 /dev/zero > 32.lzi
printf '\211\114\132\111\015\012\032\012\002\000\000\000\040\000\001\002' >> 32.lzi
printf '\000\040\000\000\000\000\000\000\000\020\000\000\000\000\000\000' >> 32.lzi
head -c 16 /dev/zero >> 32.lzi
printf '\235\366\270\030\236\060\257\143' >> 32.lzi
head -c 8 /dev/zero >> 32.lzi
lazyindex dump 32.lzi
