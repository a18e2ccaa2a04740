"""The table of a comparison of inference: ratios.py RESULTS [--loaded RESULTS] [--intro TEXT] [--command TEXT]

RESULTS is what infer.py wrote, a line of JSON a cell and engine; where a cell is there twice the last counts. With
--loaded a second run, beside a load on all cores: how much each engine slows down.
"""
import argparse, json, math
from machine import name

parser = argparse.ArgumentParser()
parser.add_argument('results')
parser.add_argument('--loaded')
parser.add_argument('--intro')
parser.add_argument('--command')
arguments = parser.parse_args()


def read(path):
    cells = {}
    for line in open(path):
        row = json.loads(line)
        cells.setdefault((row['model'], row['batch'], row['threads']), {})[row['engine']] = row
    return cells


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else float('nan')


def split(cell):
    """Ours, the best peer's name, and its row."""
    peers = {engine: row for engine, row in cell.items() if engine != 'visionnet'}
    if 'visionnet' not in cell or not peers:
        return None
    best = min(peers, key=lambda engine: peers[engine]['ms'])
    return cell['visionnet'], best, peers[best]


def quiet(cells):
    print('| model | batch | threads | VisionNet ms | best peer ms | peer / VisionNet | other peers ms | our error |')
    print('|---|---|---|---|---|---|---|---|')
    ratios, models, ahead = [], {}, 0
    for (model, batch, threads), cell in cells.items():
        found = split(cell)
        if not found:
            print(f'| {model} | {batch} | {threads} | failed: {", ".join(sorted(cell)) or "nothing"} ran | | | | |')
            continue
        ours, best, peer = found
        ratio = peer['ms'] / ours['ms']
        ratios.append(ratio)
        models.setdefault(model, []).append(ratio)
        ahead += ratio >= 1
        others = sorted((row['ms'], engine) for engine, row in cell.items() if engine not in ('visionnet', best))
        rest = ', '.join(f'{name(engine)} {ms:.2f}' for ms, engine in others) or '–'
        print(f'| {model} | {batch} | {threads} | {ours["ms"]:.2f} | {name(best)} {peer["ms"]:.2f} | {ratio:.2f} | {rest} '
              f'| {ours.get("relerr") or 0:.1e} |')
    print(f'\nVisionNet is ahead in {ahead} of {len(ratios)} cells; geometric mean of peer / VisionNet {mean(ratios):.2f}: '
          + ', '.join(f'{model} {mean(values):.2f}' for model, values in models.items()) + '.')


def loaded(cells, others):
    print('| model | batch | threads | VisionNet ms quiet → loaded | slower by | best peer ms quiet → loaded | slower by '
          '| loaded: best peer / VisionNet |')
    print('|---|---|---|---|---|---|---|---|')
    for key, cell in cells.items():
        found, under = split(cell), others.get(key, {})
        if not found or 'visionnet' not in under or found[1] not in under:
            continue
        ours, best, peer = found
        mine, its = under['visionnet']['ms'], under[best]['ms']
        _, first, row = split(under)
        print(f'| {key[0]} | {key[1]} | {key[2]} | {ours["ms"]:.2f} → {mine:.2f} | {mine / ours["ms"]:.2f} '
              f'| {name(best)} {peer["ms"]:.2f} → {its:.2f} | {its / peer["ms"]:.2f} '
              f'| {name(first)} {row["ms"] / mine:.2f} |')


if arguments.intro:
    print(arguments.intro + '\n')
cells = read(arguments.results)
if arguments.loaded:
    loaded(cells, read(arguments.loaded))
else:
    quiet(cells)
if arguments.command:
    print(f'\nTo reproduce:\n\n```console\n$ {arguments.command}\n```')
