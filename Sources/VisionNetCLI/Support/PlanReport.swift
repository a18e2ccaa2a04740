import VisionRuntime
import VisionCompute
import VisionNet
import VisionSystem

/// The output of `inspect --plan`: how a network runs.
struct PlanReport {
  let path: String
  /// Whether the weights are random instead of trained; the plan does not depend on them.
  let isSeeded: Bool
  let batch: Int
  let explanation: PlanExplanation

  init(
    _ report: ModelReport, batch: Int, threads: Int?, convolutions: ConvolutionAlgorithm = .automatic,
    precision: ComputePrecision = .float32
  ) throws(GraphError) {
    let model = report.model
    let graph = try model.graph.bound(batch: batch)
    isSeeded = model.parameters.names.isEmpty && !graph.parameters.isEmpty
    let plan = try Plan(
      graph, parameters: isSeeded ? graph.initialParameters(seed: 0) : model.parameters,
      convolutions: convolutions, precision: precision)
    path = report.path
    self.batch = batch
    explanation = plan.explanation(threads: threads ?? Executor.availableThreads)
  }

  /// - Parameter width: the columns of the terminal; nil where there is none.
  func text(width: Int?) -> String {
    let set = explanation.instructionSet
    let threads = explanation.threads
    var lines = [
      "\(FilePath(path).printable)\(isSeeded ? " (seeded weights)" : ""), batch \(batch), "
        + "\(threads) thread\(threads == 1 ? "" : "s"), \(set.rawValue) kernels: \(set.lanes) floats a vector",
      "",
    ]
    let rows = explanation.steps.enumerated().map { index, step in
      [
        "\(index)", FilePath(step.name).printable, step.parts.joined(separator: "+"),
        step.results.map { "\($0.shape)" }.joined(separator: ", "), step.results.first?.layout ?? "",
        Self.kernel(step), step.weightByteCount == 0 ? "" : Figures.bytes(step.weightByteCount),
        Figures.fixed(Double(step.flops) / 1e6, 2),
      ]
    }
    let head = ["#", "node", "operators", "output", "layout", "kernel", "weights", "MFLOP"]
    lines.append(TextTable.text([head] + rows, numbers: [0, 6, 7], width: width))
    lines += ["", counts] + recognized + parts + [memory]
    let reasons = Self.reasons(explanation.steps)
    if !reasons.isEmpty { lines += ["", "why"] + reasons.map { "  \($0)" } }
    return lines.joined(separator: "\n")
  }

  private var counts: String {
    let folded = explanation.nodeCount - explanation.viewCount
    return "\(explanation.nodeCount) nodes of the network became \(explanation.steps.count) steps and "
      + "\(explanation.viewCount) view\(explanation.viewCount == 1 ? "" : "s") of memory; "
      + (folded > explanation.steps.count
        ? "the others are part of those, or computed beforehand; " : "")
      + "\(Figures.fixed(Double(explanation.flops) / 1e6, 2)) MFLOP"
  }

  private var recognized: [String] {
    let forms = explanation.recognized.sorted { $0.key < $1.key }
    return forms.isEmpty
      ? [] : ["recognized: " + forms.map { "\($0.key) (\($0.value)×)" }.joined(separator: ", ")]
  }

  private var parts: [String] {
    let (count, steps) = (explanation.partCount, explanation.partSteps)
    guard count > 1 else { return [] }
    return [
      "the first \(steps) steps are run for \(count) parts of \(batch / count) images, one after the other, so that what "
        + "lies between them stays in the caches"
    ]
  }

  private var memory: String {
    "activations \(Figures.bytes(explanation.arenaByteCount)) in one arena, scratch "
      + "\(Figures.bytes(explanation.scratchByteCount)), weights \(Figures.bytes(explanation.weightByteCount))"
  }

  /// For example `conv, direct (implicit im2col): tiles of 14 × 32, sums of 576, 56 items`.
  private static func kernel(_ step: PlanStep) -> String {
    var text = step.kernelName
    if !step.algorithm.isEmpty, step.algorithm != step.kernelName { text += ", \(step.algorithm)" }
    if !step.details.isEmpty { text += ": \(step.details)" }
    return step.isInPlace ? text + " (in place)" : text
  }

  /// Each reason once, in the order of the first step it applies to.
  private static func reasons(_ steps: [PlanStep]) -> [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for step in steps where !step.reason.isEmpty {
      let text = "\(step.kernelName), \(step.algorithm)\u{0}\(step.reason)"
      if counts[text] == nil { order.append(text) }
      counts[text, default: 0] += 1
    }
    return order.map { text in
      let parts = text.split(separator: "\u{0}")
      let count = counts[text] ?? 0
      return "\(parts[0]) (\(count) step\(count == 1 ? "" : "s")): \(parts[1])"
    }
  }

  var json: JSON {
    [
      "schema": JSON.schema, "path": .string(path), "kind": "plan", "seededWeights": .bool(isSeeded),
      "batch": .integer(batch),
      "threads": .integer(explanation.threads),
      "instructionSet": .string(explanation.instructionSet.rawValue),
      "lanes": .integer(explanation.instructionSet.lanes), "nodes": .integer(explanation.nodeCount),
      "views": .integer(explanation.viewCount), "batchParts": .integer(explanation.partCount),
      "stepsOfParts": .integer(explanation.partSteps), "flops": .integer(explanation.flops),
      "arenaBytes": .integer(explanation.arenaByteCount),
      "scratchBytes": .integer(explanation.scratchByteCount),
      "weightBytes": .integer(explanation.weightByteCount),
      "recognized": .array(
        explanation.recognized.sorted { $0.key < $1.key }.map {
          ["form": .string($0.key), "count": .integer($0.value)]
        }),
      "steps": .array(explanation.steps.map(Self.json)),
    ]
  }

  private static func json(_ step: PlanStep) -> JSON {
    [
      "node": .string(step.name), "operator": .string(step.operatorName),
      "parts": .array(step.parts.map { .string($0) }), "kernel": .string(step.kernelName),
      "algorithm": .string(step.algorithm), "details": .string(step.details), "reason": .string(step.reason),
      "operands": .array(step.operands.map(json)), "results": .array(step.results.map(json)),
      "inPlace": .bool(step.isInPlace), "reference": .bool(step.isReference),
      "weightBytes": .integer(step.weightByteCount), "bytes": .integer(step.byteCount),
      "flops": .integer(step.flops),
    ]
  }

  private static func json(_ value: PlanValue) -> JSON {
    [
      "type": .string(value.type.rawValue), "shape": .array(value.shape.map { .integer($0) }),
      "layout": .string(value.layout),
    ]
  }
}
