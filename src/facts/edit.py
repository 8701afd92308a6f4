import re,sys
def probe(name, snippet, parse, imports='', extra='', helpers='', schema=None, sh=None):
    p=f'probes/{name}.ts'; s=open(p).read()
    m=re.search(r"(export const \w+ = defineProbe\(\{\n  name: '[^']*',\n)  snippet: '',\n(  schema: \w+,\n)  parse: [^\n]*\n(?:  \w[^\n]*\n)*\}\)\n", s)
    if not m:
        m=re.search(r"(export const \w+ = defineProbe\(\{\n  name: '[^']*',\n).*?(  schema: \w+,\n).*?\n\}\)\n.*", s, re.S)
    if sh is not None:
        open(f'probes/{name}.sh','w').write(sh.strip('\n')+'\n'); snippet=f"snippetFile('{name}')"
    body=m.group(1)+f"  snippet: {snippet},\n"+extra+m.group(2)+("  parse,\n" if parse=="parse" else f"  parse: {parse},\n")+f"}})\n"+helpers
    s=s[:m.start()]+body
    imps=imports.strip().split('\n') if imports.strip() else []
    if sh is not None: imps.append("import { snippetFile } from '../script.ts'")
    old=[l for l in s.split('\n') if l.startswith('import ')]
    rest=[l for l in s.split('\n') if not l.startswith('import ')]
    base=["import { z } from 'zod'"]
    pi=[i for i in imps if "'../probe.ts'" in i]
    if not pi: imps.append("import { defineProbe } from '../probe.ts'")
    imps=sorted(set(imps), key=lambda l: l.split("from")[1])
    s='\n'.join(base+imps)+'\n'+'\n'.join(rest).rstrip('\n')+'\n'
    if schema: 
        for a,b in schema: 
            assert a in s or b in s,(name,a); s=s.replace(a,b)
    open(p,'w').write(s)
