import VisionRuntime
import VisionCompute
import VisionNet
import VisionSystem

/// The time of a run, by step and by kernel.
struct ProfileReport {
  /// What was run, for example `resnet18, batch 1`.
  let title: String
  let threads: Int
  let instructionSet: InstructionSet
  let trace: PlanTrace
  /// The FLOP/s that the same threads reach on multiply-adds alone.
  let peak: Double
  /// For a training step: the median seconds of what it does besides the plan.
  var update: Double?
  /// Whether the report tells forward from backward, by operator.
  var directions = false
  /// The number of steps in the table, slowest first; nil shows all steps in the order of execution.
  var limit: Int?

  /// Time and work of one step, or of several.
  private struct Share {
    var seconds = 0.0
    var flops = 0
    var bytes = 0
    var steps = 0

    static func + (a: Share, b: Share) -> Share {
      Share(
        seconds: a.seconds + b.seconds, flops: a.flops + b.flops, bytes: a.bytes + b.bytes,
        steps: a.steps + b.steps)
    }
  }

  private var shares: [Share] {
    zip(trace.steps, trace.medians).map {
      Share(seconds: $1, flops: $0.flops, bytes: $0.byteCount, steps: 1)
    }
  }

  /// The kernels with the sums over their steps, slowest first.
  private var kernels: [(name: String, share: Share)] {
    var names: [String] = []
    var sums: [String: Share] = [:]
    for (step, share) in zip(trace.steps, shares) {
      let name = Self.kernel(step)
      if sums[name] == nil { names.append(name) }
      sums[name] = (sums[name] ?? Share()) + share
    }
    return names.compactMap { name in sums[name].map { (name, $0) } }
      .sorted { $0.share.seconds > $1.share.seconds }
  }

  private static func kernel(_ step: PlanStep) -> String {
    step.algorithm.isEmpty || step.algorithm == step.kernelName
      ? step.kernelName : "\(step.kernelName), \(step.algorithm)"
  }

  // MARK: Text

  /// - Parameter width: the columns of the terminal; nil where there is none.
  func text(width: Int?) -> String {
    let shares = shares
    let total = shares.reduce(Share(), +)
    var order = Array(shares.indices)
    if let limit {
      order = Array(order.sorted { shares[$0].seconds > shares[$1].seconds }.prefix(limit))
    }
    let head = ["ms", "%", "GFLOP/s", "% of peak", "GB/s"]
    var rows = [["#", "node", "kernel", "output"] + head]
    rows += order.map { index in
      let step = trace.steps[index]
      return [
        "\(index)", FilePath(step.name).printable, Self.kernel(step),
        step.results.map { "\($0.shape)" }.joined(separator: ", "),
      ] + cells(shares[index], of: total)
    }
    if order.count < shares.count {
      let rest = shares.indices.filter { !order.contains($0) }.reduce(Share()) { $0 + shares[$1] }
      rows.append(["", "\(rest.steps) more", "", ""] + cells(rest, of: total))
    }
    rows.append(["", "all \(total.steps) steps", "", ""] + cells(total, of: total))
    var sums = [["kernel", "steps"] + head]
    sums += kernels.map { [$0.name, "\($0.share.steps)"] + cells($0.share, of: total) }
    let sections = [
      "\(title), \(threads) thread\(threads == 1 ? "" : "s"), \(instructionSet.rawValue), "
        + "medians of \(trace.times.count) run\(trace.times.count == 1 ? "" : "s")", "",
      TextTable.text(rows, numbers: [0, 4, 5, 6, 7, 8], width: width), "",
      TextTable.text(sums, numbers: [1, 2, 3, 4, 5, 6], width: width), "",
    ]
    return (sections + (directions ? [operatorText(width: width), ""] : []) + [remarks]).joined(
      separator: "\n")
  }

  private func cells(_ share: Share, of total: Share) -> [String] {
    let rate = Double(share.flops) / share.seconds
    let hasWork = share.flops > 0 && share.seconds > 0
    return [
      Figures.fixed(share.seconds * 1e3, 4), Figures.fixed(share.seconds / total.seconds * 100, 1),
      hasWork ? Figures.fixed(rate / 1e9, 1) : "–", hasWork ? Figures.fixed(rate / peak * 100, 1) : "–",
      share.seconds > 0 ? Figures.fixed(Double(share.bytes) / share.seconds / 1e9, 1) : "–",
    ]
  }

  private var remarks: String {
    var lines: [String] = []
    if let update {
      lines.append("update    \(Figures.fixed(update * 1e3, 3)) ms per step, after the plan")
    }
    lines += [
      "peak      \(Figures.fixed(peak / 1e9, 1)) GFLOP/s, measured",
      "bytes     operands, weights and results of a step, each once",
      "overhead  of the profile itself \(overheadText): median run "
        + "\(Figures.fixed(trace.tracedSeconds * 1e3, 3)) ms with it, "
        + "\(Figures.fixed(trace.untracedSeconds * 1e3, 3)) ms without, in turn",
    ]
    return lines.joined(separator: "\n")
  }

  /// Seconds that reading the clock adds to a run; noise may make it negative.
  private var overhead: Double { trace.tracedSeconds - trace.untracedSeconds }

  /// What is below zero was not measured: the runs themselves differ by more.
  private var overheadText: String {
    overhead < 0
      ? "within noise"
      : "\(Figures.fixed(overhead * 1e6, 1)) µs per run "
        + "(\(Figures.fixed(overhead / trace.untracedSeconds * 100, 2)) %)"
  }

  // MARK: JSON

  var json: JSON {
    let shares = shares
    let total = shares.reduce(Share(), +)
    return [
      "schema": JSON.schema, "title": .string(title), "threads": .integer(threads),
      "instructionSet": .string(instructionSet.rawValue), "runs": .integer(trace.times.count),
      "peakGflops": .number(Figures.rounded(peak / 1e9, 3)),
      "untracedMilliseconds": .number(Figures.rounded(trace.untracedSeconds * 1e3, 5)),
      "tracedMilliseconds": .number(Figures.rounded(trace.tracedSeconds * 1e3, 5)),
      "overheadMicroseconds": .number(Figures.rounded(overhead * 1e6, 3)),
      "updateMilliseconds": update.map { .number(Figures.rounded($0 * 1e3, 5)) } ?? .null,
      "total": .object(members(total, of: total)),
      "steps": .array(
        zip(trace.steps, shares).map { step, share in
          .object(
            [
              ("node", .string(step.name)), ("parts", .array(step.parts.map { .string($0) })),
              ("kernel", .string(step.kernelName)), ("algorithm", .string(step.algorithm)),
              (
                "output",
                .array((step.results.first?.shape ?? []).map { .integer($0) })
              ),
            ] + members(share, of: total))
        }),
      "kernels": .array(
        kernels.map { name, share in
          .object(
            [("kernel", .string(name)), ("steps", .integer(share.steps))] + members(share, of: total))
        }),
      "operators": directions ? operatorJSON : .null,
    ]
  }

  private func members(_ share: Share, of total: Share) -> [(String, JSON)] {
    let seconds = max(share.seconds, 1e-9)
    return [
      ("milliseconds", .number(Figures.rounded(share.seconds * 1e3, 6))),
      ("share", .number(Figures.rounded(share.seconds / total.seconds, 5))),
      ("flops", .integer(share.flops)), ("bytes", .integer(share.bytes)),
      ("gflops", .number(Figures.rounded(Double(share.flops) / seconds / 1e9, 3))),
      ("shareOfPeak", .number(Figures.rounded(Double(share.flops) / seconds / peak, 5))),
      ("gigabytesPerSecond", .number(Figures.rounded(Double(share.bytes) / seconds / 1e9, 3))),
    ]
  }
}
