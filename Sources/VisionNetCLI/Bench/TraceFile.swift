import VisionRuntime
import VisionNet
import VisionSystem

/// The runs of a profile as trace events, which ui.perfetto.dev and chrome://tracing show on a timeline.
///
/// Source: "Trace Event Format", Google, the JSON object format with complete events (`X`), counters (`C`) and
/// metadata (`M`).
struct TraceFile {
  let report: ProfileReport

  /// Writes one event per line.
  func write(to path: String) throws {
    let output = try Output(path: path)
    // A trace of many runs is long, so it is written in blocks of some hundred lines.
    var text = "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n"
    try forEachEvent { event, isLast in
      text += event.text + (isLast ? "\n" : ",\n")
      if text.utf8.count > 1 << 16 {
        try output.write(text)
        text = ""
      }
    }
    try output.write(text + "]}\n")
  }

  private func forEachEvent(_ body: (JSON, _ isLast: Bool) throws -> Void) rethrows {
    let trace = report.trace
    let threads = "\(report.threads) thread\(report.threads == 1 ? "" : "s")"
    try body(metadata("process_name", "visionnet: \(report.title)"), false)
    try body(
      metadata("thread_name", "steps on \(threads), \(report.instructionSet.rawValue)"), trace.times.isEmpty)
    for (run, times) in trace.times.enumerated() {
      guard let first = times.first, let last = times.last else { continue }
      try body(
        complete("run \(run + 1)", "run", first, last, ["steps": .integer(trace.steps.count)]), false)
      for (index, step) in trace.steps.enumerated() {
        let (start, end) = (times[index], times[index + 1])
        try body(complete(step.name, step.kernelName, start, end, arguments(index, end - start)), false)
        try body(counter(start, rate(step.flops, end - start)), false)
      }
      try body(counter(last, 0), run + 1 == trace.times.count)
    }
  }

  private func metadata(_ name: String, _ value: String) -> JSON {
    ["name": .string(name), "ph": "M", "pid": 1, "tid": 1, "args": ["name": .string(value)]]
  }

  private func complete(_ name: String, _ category: String, _ start: Int, _ end: Int, _ arguments: JSON)
    -> JSON
  {
    [
      "name": .string(name), "cat": .string(category), "ph": "X", "ts": .number(Double(start) / 1000),
      "dur": .number(Double(end - start) / 1000), "pid": 1, "tid": 1, "args": arguments,
    ]
  }

  private func counter(_ time: Int, _ rate: Double) -> JSON {
    [
      "name": "GFLOP/s", "ph": "C", "ts": .number(Double(time) / 1000), "pid": 1, "tid": 1,
      "args": ["GFLOP/s": .number(rate)],
    ]
  }

  private func arguments(_ index: Int, _ nanoseconds: Int) -> JSON {
    let step = report.trace.steps[index]
    let speed = rate(step.flops, nanoseconds)
    return [
      "step": .integer(index), "operators": .string(step.parts.joined(separator: "+")),
      "algorithm": .string(step.algorithm), "details": .string(step.details),
      "input": .string(Self.shapes(step.operands)), "output": .string(Self.shapes(step.results)),
      "MFLOP": .number(Double(step.flops) / 1e6), "GFLOP/s": .number(speed),
      "% of peak": .number(Figures.rounded(speed * 1e9 / report.peak * 100, 2)),
      "GB/s": .number(rate(step.byteCount, nanoseconds)),
    ]
  }

  private static func shapes(_ values: [PlanValue]) -> String {
    values.map { "\($0.shape) \($0.layout)" }.joined(separator: ", ")
  }

  /// Billions per second.
  private func rate(_ count: Int, _ nanoseconds: Int) -> Double {
    Figures.rounded(Double(count) / Double(max(nanoseconds, 1)), 3)
  }
}
