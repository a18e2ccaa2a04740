"""One photo, a whole process each: cold.py PYTHON PEERS VISIONNET. Reads what e2e.py prints, ours among it, and makes the table."""
import os, re, subprocess, sys

python, peers, visionnet = sys.argv[1:4]
process = subprocess.Popen([python, f'{peers}/e2e.py', 'cold'], stdout=subprocess.PIPE, text=True,
                           env={**os.environ, 'VISIONNET': visionnet})
rows = []
for line in process.stdout:
    print(line, end='', file=sys.stderr, flush=True)
    found = re.match(r'cold (\S+): wall ([\d.]+) ms +cpu ([\d.]+) s +peak RSS (\d+) MiB', line)
    if found:
        rows.append((found[1], float(found[2]), float(found[3]), int(found[4])))
if process.wait() or not any(row[0] == visionnet for row in rows):
    raise SystemExit('cold: not everything ran')
ours = next(row for row in rows if row[0] == visionnet)
print('| process | wall ms | processor s | peak MiB | wall / VisionNet | memory / VisionNet |')
print('|---|---|---|---|---|---|')
for row in sorted(rows, key=lambda row: row[1]):
    label = 'VisionNet' if row is ours else row[0]
    print(f'| {label} | {row[1]:.0f} | {row[2]:.2f} | {row[3]} | {row[1] / ours[1]:.1f} | {row[3] / ours[3]:.1f} |')
