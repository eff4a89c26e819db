/** Version control and its hosts. The form of the lines: `../table.ts`. */
export const VERSIONS = String.raw`
@ history git/rewrite risky Throws away or rewrites history, or work that is not saved
git : ^prune /--expire/ !--dry-run !-n
git : gc --prune=now|--prune=all|--aggressive /--prune=(?:now|all)/
git : rebase --root|--exec|-x
git : tag -d|--delete|-f|--force
git : submodule deinit --all|-f|--force
git : submodule foreach /(?:reset\s+--hard|clean\s+-\w*f|checkout\s+(?:--\s+)?\.|rm\s+-)/
git : read-tree --reset|-u
git : checkout-index -f !-n
git : replace|notes|bisect -d|--delete|-f|remove|prune|--graft /\s(?:replace\s+(?:-d|--delete|-f|--graft)|notes\s+(?:remove|prune))\s/
git : update-ref|symbolic-ref|branch|reflog|stash -d|--delete|delete|expire|-f|drop|clear /\s(?:update-ref\s+(?:-d|--stdin|refs\/)|reflog\s+(?:delete|expire)|stash\s+(?:drop|clear))\s/
git : symbolic-ref HEAD refs/*
git : restore /\s(?:--source\S*|-s|--worktree|-W|--staged)\s|\s(?:\.|:\/|\*|--)\s/ !/\s(?:--staged|-S)\s+(?!.*--worktree)/
git : checkout /\s(?:-f|--force|--ours|--theirs)\s|\s--\s|\s\.\s/ !-b !-B
git : switch -f|--discard-changes|--force
git : branch /\s(?:-D|-M|-C|-f|--force|--delete\s+--force|-d\s+-r|-dr)\s/
git : rm /\s-\w*f|--force/
git : rm -r !--cached /\s(?:\.|\*|:\/)\s/
git : worktree remove -f|--force
git : lfs prune|migrate --force|import|export|prune|-f
git : reset --hard|--merge|--keep
git : clean -f|--force|-x|-X|-d !-n !--dry-run
git : push /\s(?:-f|--force\S*|--mirror|--delete|-d|--prune|\+\S+|:\S+|--all\s+--force)\s/ !-n !--dry-run
git : filter-branch|filter-repo|fast-import
git : svn reset
git : commit-tree|mktree|hash-object --literally
git : branch -D
git-filter-repo bfg git-nuke git-obliterate git-delete-branch git-delete-submodule git-delete-tag git-delete-merged-branches git-reset-file git-clear git-clear-soft git-obliterate git-undo git-force-clone git-purge : !--dry-run
git : ^delete-branch|delete-tag|clear|obliterate|force-clone|nuke|purge|delete-squashed-branches
hg : strip|rollback|purge|histedit|convert|debugstrip|prune|obliterate
hg : update|up|co|checkout -C|--clean
hg : revert --all|-a|--no-backup|-C
hg : push -f|--force
hg : --config
svn : revert -R|--recursive|--depth*|--depth=infinity
svn : cleanup --remove-unversioned|--remove-ignored
svn : propdel|lock|unlock --force|--revprop
svn : delete|rm|del|remove --force
svn : delete|rm|del|remove *://*
svnadmin : setrevprop|rmtxns|rmlocks|setlog|setuuid|load
svndumpfilter : exclude
bzr brz : uncommit|revert|shelve|clean-tree|push --force|--overwrite|uncommit
fossil : purge|revert|scrub|shun|undo|clean
cvs : release|admin|update -d|-o|-C
p4 : obliterate|revert|clean|delete|unshelve|client|user|branch|label|archive|reconcile -d|-f|obliterate|//...|-a /\s(?:obliterate|clean|reconcile)\s|\s-[dfa]\s|\/\.\.\./
jj : abandon|restore|undo|op|operation|git|bookmark abandon|restore|undo|push|delete|forget|all()|--deleted|--all /\s(?:abandon|restore|op(?:eration)?\s+(?:restore|abandon|undo)|(?:bookmark|branch)\s+(?:delete|forget)|util\s+gc)\b/
jj : abandon
sl : hide|uncommit|goto|purge|revert --clean|-C|--all|-a|hide
darcs : obliterate|unrecord|unpull|revert|rollback -a|--all|obliterate
repo : forall|sync|abandon|init --force-sync|--force-remove-dirty|abandon|--all
dvc : gc|destroy|remove
git-annex : drop|unused|dropunused|uninit --force|unused
gitlab-rails gitlab-ctl : cleanse|runner|console|dbconsole|uninstall
gitea forgejo : admin delete|create|change-password
gerrit : set-*|create-*|delete-*|rename-group

@ admin git/hosted risky Changes or deletes things at the host of the repository
gh : repo delete|archive|edit|rename|transfer|unarchive
gh : release|issue|codespace|cs|run|gist|project|ruleset|deploy-key|variable|secret|gpg-key|ssh-key|environment|workflow|org delete|remove|disable|delete-asset|rm|unlink|transfer
gh : secret|variable set
gh : ssh-key|gpg-key|deploy-key add|delete
gh : repo deploy-key add|delete
gh : repo edit --visibility*|--delete-branch-on-merge
gh : repo create|fork --public --push|--source*
gh : workflow disable
gh : pr merge --admin
gh : auth refresh|token /\s(?:refresh\s+.*(?:-s|--scopes)|token)\b/
gh : gist create --public|-p|/(?:\.env|id_rsa|secret|credential|key|token|passw|config|\.pem|\s-\s)/i
gh : api -X|--method|--method=* /\s(?:-X|--method)[\s=]*(?:DELETE|PUT|PATCH)\b/i
gh : api graphql /mutation/
gh : extension|ext install
gh : secret list --env*|--org*
gh : codespace|cs ports|cp|ssh /visibility\s+\S*public|\sremote:|\s-e\s/
gh : run|workflow cancel|run --all|delete
glab : repo|project|variable|release|label|ci|pipeline|schedule|ssh-key|deploy-key|cluster|token|securefile|incident|snippet|milestone|issue|mr delete|rm|export|remove|revoke|rotate|add|transfer|archive|purge /\s(?:delete|rm|remove|revoke|rotate|transfer|archive|purge)\s|variable\s+(?:export|get|set|update)|(?:ssh|deploy)-key\s+(?:add|delete)/
glab : api -X|--method|--method=* /\s(?:-X|--method)[\s=]*(?:DELETE|PUT|PATCH)\b/i
glab : auth|config logout|get /token/
hub : delete|api|gist|release delete|-X*|create|-y /\sdelete\s|-X\s*(?:DELETE|PUT|PATCH)/
tea : repo|repos|release|login delete|rm
bb bitbucket-cli : repo|repository delete|remove
az : repos delete
jenkins-cli jenkins-cli.jar : delete-*|groovy|groovysh|disable-*|shutdown|safe-shutdown|quiet-down|install-plugin|update-credentials-*|offline-node|restart|safe-restart
circleci : context|orb remove-secret|store-secret|delete|unlist
travis : cancel|disable|env|encrypt|token set|unset|clear|remove|token|--override /\s(?:token|disable|env\s+(?:set|unset|clear|remove))\b/
drone woodpecker-cli : secret|repo|user add|rm|remove|chown|update|delete
buildkite-agent bk : pipeline|secret|agent stop|get|upload|delete /\sstop\b|secret\s+get|delete/
argo : delete|terminate|stop
tkn : delete|cancel

@ persistence git/config-trap risky Makes git run a program, or trust or send elsewhere
git : config /(?:core\.(?:hooksPath|fsmonitor|sshCommand|pager|editor|askPass|gitProxy|alternateRefsCommand)|sequence\.editor|diff\.external|diff\.\S+\.(?:command|textconv)|merge\.\S+\.driver|filter\.\S+\.(?:clean|smudge|process)|gpg\.program|gpg\.\w+\.program|credential\.helper|credential\.\S+\.helper|init\.templateDir|url\.\S+\.(?:insteadOf|pushInsteadOf)|http\.\S*(?:proxy|sslVerify|sslCAInfo|extraHeader)|https?\.proxy|protocol\.(?:ext|file|allow)\S*|safe\.directory|include\.path|includeIf\S*|uploadpack\.packObjectsHook|receive\.deny\S*|transfer\.\S+|submodule\.\S+\.update|remote\.\S+\.(?:url|pushurl|vcs|uploadpack|receivepack|proxy)|browser\.\S+\.cmd|man\.\S+\.cmd|web\.browser|trailer\.\S+\.(?:cmd|command)|alias\.\S+\s+['"]?!)/i /\s(?:core|sequence|diff|merge|filter|gpg|credential|init|url|https?|protocol|safe|include\w*|uploadpack|receive|submodule|remote|browser|man|web|trailer|alias|transfer)\.\S+[\s=]+(?!nano|vim?\s|nvim|code|emacs|subl|less|cat\s|delta|difft|diff-so-fancy|osxkeychain|manager|cache|\.husky|\.githooks|'cache|libsecret|meld|kdiff|vimdiff|git-lfs|input|true\s|"code|'code|micro|helix|hx|delta)\S/i !--get !--get-all !--get-regexp !--unset !-l !--list
git : config alias.* /\salias\.\S+\s+['"]?!.*(?:curl|wget|\/tmp|nc\s|bash|sh\s|rm\s|reset --hard|push.*(?:-f|--force))/
git : clone|fetch|submodule|-c /(?:--upload-pack|--receive-pack|-u\s*['"]?\S*(?:sh|\/tmp)|ext::|--template[=\s]+\/tmp|protocol\.ext\.allow|http\.sslVerify=false|core\.\w+=['"]?(?:sh|bash|!|\/tmp))/i
git : daemon --enable=receive-pack|--export-all
git : credential fill
git : credential-store|credential-cache|credential-osxkeychain|credential-libsecret|credential-manager get|erase|store|exit
git-credential-store git-credential-osxkeychain git-credential-libsecret git-credential-manager git-credential-cache : get|erase|exit
git : archive --remote*
`;
