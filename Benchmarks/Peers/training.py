"""Steps of training, ours and the peers' in turn: training.py PEERS "VISIONNET COMMAND" [--tasks a,b] [--engines a,b] [--threads 2] [--rounds 2]"""
import argparse, json, os, shlex, statistics, subprocess, sys
from machine import name

parser = argparse.ArgumentParser()
parser.add_argument('peers')
parser.add_argument('visionnet')
parser.add_argument('--tasks', default='smallcnn,mlp,mobilenetv2_128,resnet18_64,resnet18_224,features')
parser.add_argument('--engines', default='torch,torch_cl,torch_cl+tcm,tf')
parser.add_argument('--threads', type=int, default=2)
parser.add_argument('--rounds', type=int, default=2)
arguments = parser.parse_args()
home = os.environ['PEERS_HOME']
TCMALLOC = '/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4'


def step(engine, task):
    environment = dict(os.environ)
    if engine == 'visionnet':
        command = shlex.split(arguments.visionnet) + ['bench', '--train', task, '--format', 'json', '--threads', str(arguments.threads)]
    else:
        plain = engine.removesuffix('+tcm')
        if plain != engine:
            environment['LD_PRELOAD'] = TCMALLOC
        python = f"{home}/{'vtf' if plain.startswith('tf') else 'vt'}/bin/python"
        command = [python, f'{arguments.peers}/train.py', plain, task, str(arguments.threads)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        row = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        print(f'## {task} {engine}: {done.stderr.strip()[-200:]}', file=sys.stderr, flush=True)
        return None
    print(f"{task} {engine}: {row['ips']:.1f} images/s, {row['rss_mb']} MiB", file=sys.stderr, flush=True)
    return row


def takes(engine, task):
    return not (engine.startswith('torch_cl') and task == 'mlp' or engine == 'tf' and task == 'features')


tasks, engines = arguments.tasks.split(','), ['visionnet', *arguments.engines.split(',')]
rows = {task: {engine: [] for engine in engines} for task in tasks}
for _ in range(arguments.rounds):
    for task in tasks:
        for engine in engines:
            row = step(engine, task) if takes(engine, task) else None
            if row:
                rows[task][engine].append(row)
print('| task | VisionNet images/s | best peer images/s | VisionNet / peer | MiB, ours and its | memory, ours / its |')
print('|---|---|---|---|---|---|')
for task in tasks:
    rates = {e: statistics.median(r['ips'] for r in values) for e, values in rows[task].items() if values}
    memory = {e: max(r['rss_mb'] for r in values) for e, values in rows[task].items() if values}
    ours = rates.pop('visionnet', None)
    if not ours or not rates:
        print(f'| {task} | failed | | | | |')
        continue
    best = max(rates, key=rates.get)
    print(f'| {task} | {ours:.1f} | {name(best)} {rates[best]:.1f} | {ours / rates[best]:.2f} '
          f"| {memory['visionnet']}, {memory[best]} | {memory['visionnet'] / memory[best]:.2f} |")
