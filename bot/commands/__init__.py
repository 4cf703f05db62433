"""One module a command of ``malvakt``; each has ``run(options, settings, texts) -> int``, an exit status."""
