import VisionGraph
import VisionTensor

/// Determines the meaning of an output's numbers from the operators that compute them.
///
/// Operators that keep or reorder values are skipped; softmax and log-softmax are also recognized in
/// decomposed form; values that arithmetic keeps between 0 and 1 count as results of sigmoid.
struct ScoreFinder {
  private let trace: ValueTrace
  private let ranges: ValueRange
  private let batch: Int
  private var graph: Graph { trace.graph }

  /// - Parameter batch: the number of images in the graph's shapes.
  init(_ graph: Graph, _ parameters: Parameters, batch: Int) {
    trace = ValueTrace(graph: graph, parameters: parameters)
    ranges = ValueRange(trace)
    self.batch = max(batch, 1)
  }

  func kind(of id: ValueID) -> ScoreKind {
    let (clipped, isPartOfClipped) = trace.origin(id, throughClips: true)
    if let extent = shares(clipped), isWhole(clipped, extent, isPartOfClipped, id) {
      // A single share out of several is an independent probability; a share out of one is always 1.
      return extent > 1 && graph.fact(id).shape.elementCount == batch ? .sigmoid : .softmax
    }
    let (origin, isPart) = trace.origin(id)
    if let extent = logarithms(origin), isWhole(origin, extent, isPart, id) { return .logSoftmax }
    let made = operators(of: origin)
    let name = graph.producer(of: origin).map { type(of: $0.operation).name } ?? ""
    // TopK gives the largest numbers without their classes.
    if made.contains(TopK.name) { return .unknown(operatorName: TopK.name, isTransformed: true) }
    if made.contains(Softmax.name) || made.contains(LogSoftmax.name) || shares(clipped) != nil {
      return .unknown(operatorName: name, isTransformed: true)
    }
    let bounds = ranges.bounds(of: id)
    if isSigmoid(origin) || (isSquashed(origin, made) && bounds.fill(0, 1)) { return .sigmoid }
    // They are between 0 and 1 for another reason, for example clipped logits; their meaning is unknown.
    if bounds.low >= -1e-6, bounds.high <= 1 + 1e-6 {
      return .unknown(operatorName: name, isTransformed: false)
    }
    return made.isSubset(of: Self.plain) ? .linear : .unknown(operatorName: name, isTransformed: false)
  }

  /// Whether the groups of elements that sum to one are exactly the images.
  private func isWhole(_ origin: ValueID, _ extent: Int, _ isPart: Bool, _ output: ValueID) -> Bool {
    let count = graph.fact(origin).shape.elementCount / batch
    return count == extent && (isPart || graph.fact(output).shape.elementCount / batch == extent)
  }

  // MARK: Softmax

  /// The number of elements that sum to one, if the value is a softmax or is divided by its own sum.
  ///
  /// - Parameter depth: the maximum number of nested exponentials and logarithms to look through.
  private func shares(_ id: ValueID, _ depth: Int = 16) -> Int? {
    guard depth > 0, let node = graph.producer(of: id), let first = node.inputs.first ?? nil else {
      return nil
    }
    switch node.operation {
    case let softmax as Softmax: return extent(first, softmax.axis)
    case is Exp: return logarithms(trace.origin(first).value, depth - 1)
    case is Div: return node.inputs[1].flatMap { share(first, of: $0) }
    case is Mul:
      guard let second = node.inputs[1] else { return nil }
      return reciprocal(second).flatMap { share(first, of: $0) }
        ?? reciprocal(first).flatMap { share(second, of: $0) }
    default: return nil
    }
  }

  /// The number of elements that sum to one in `part` / `whole`.
  private func share(_ part: ValueID, of whole: ValueID) -> Int? {
    let sum = widened(whole)
    guard let node = graph.producer(of: sum), node.operation is ReduceSum || node.operation is ReduceL1,
      let summed = node.inputs.first ?? nil, trace.isSame(part, summed), ranges.bounds(of: part).low >= 0
    else { return nil }
    return reduced(summed, sum)
  }

  /// The number of elements whose exponentials sum to one.
  private func logarithms(_ id: ValueID, _ depth: Int = 16) -> Int? {
    guard depth > 0, let node = graph.producer(of: id), let first = node.inputs.first ?? nil else {
      return nil
    }
    switch node.operation {
    case let softmax as LogSoftmax: return extent(first, softmax.axis)
    case is Log: return shares(trace.origin(first, throughClips: true).value, depth - 1)
    case is Sub:
      guard let second = node.inputs[1] else { return nil }
      let sum = widened(second)
      guard let normalizer = graph.producer(of: sum), let inner = normalizer.inputs.first ?? nil else {
        return nil
      }
      if normalizer.operation is ReduceLogSumExp {
        return trace.isSame(first, inner) ? reduced(inner, sum) : nil
      }
      guard normalizer.operation is Log, let total = graph.producer(of: widened(inner)),
        total.operation is ReduceSum, let powers = total.inputs.first ?? nil,
        let power = graph.producer(of: trace.origin(powers).value), power.operation is Exp,
        let exponent = power.inputs.first ?? nil, trace.isSame(first, exponent)
      else { return nil }
      return reduced(powers, widened(inner))
    default: return nil
    }
  }

  private func reciprocal(_ id: ValueID) -> ValueID? {
    guard let node = graph.producer(of: widened(id)), node.operation is Reciprocal else { return nil }
    return node.inputs[0]
  }

  /// The value before it was expanded to another shape or kept from being zero.
  private func widened(_ id: ValueID) -> ValueID {
    var id = id
    while true {
      id = trace.origin(id).value
      guard let node = graph.producer(of: id), let first = node.inputs.first ?? nil else { return id }
      func small(_ index: Int) -> Bool {
        guard node.inputs.count > index, let number = node.inputs[index].flatMap({ trace.constant($0) })
        else {
          return false
        }
        return number.doubles.allSatisfy { $0 >= 0 && $0 <= 1e-3 }
      }
      switch node.operation {
      case is Expand, is Tile: id = first
      case is Add, is Max, is Clip:
        guard small(1), node.inputs.count < 3 || node.inputs[2] == nil else { return id }
        id = first
      default: return id
      }
    }
  }

  private func extent(_ id: ValueID, _ axis: Int) -> Int? {
    let shape = graph.fact(id).shape
    let axis = axis < 0 ? axis + shape.rank : axis
    return shape.indices.contains(axis) ? shape[axis] : nil
  }

  /// The number of elements of `whole` in each sum in `sum`.
  private func reduced(_ whole: ValueID, _ sum: ValueID) -> Int? {
    let count = graph.fact(sum).shape.elementCount
    return count > 0 ? graph.fact(whole).shape.elementCount / count : nil
  }

  // MARK: Sigmoid

  /// Whether the numbers are squashed into bounds and not merely clipped at 0 and 1: by one of the squashing
  /// functions, or by clipping and scaling, as in ReLU6(x + 3) / 6.
  private func isSquashed(_ origin: ValueID, _ made: Set<String>) -> Bool {
    if !made.isDisjoint(with: Self.squashing) { return true }
    guard let operation = graph.producer(of: origin)?.operation else { return false }
    return made.contains(Clip.name) && (operation is Mul || operation is Div)
  }

  /// Operators that squash numbers into bounds.
  private static let squashing: Set<String> = [Sigmoid.name, HardSigmoid.name, Exp.name, Tanh.name]

  /// Whether a value is eˣ / (1 + eˣ), which interval arithmetic does not recognize as bounded.
  private func isSigmoid(_ id: ValueID) -> Bool {
    guard let node = graph.producer(of: id), node.operation is Div, let power = node.inputs[0],
      let whole = node.inputs[1], let sum = graph.producer(of: trace.origin(whole).value),
      sum.operation is Add,
      graph.producer(of: trace.origin(power).value)?.operation is Exp
    else { return false }
    let terms = sum.inputs.compactMap { $0 }
    return terms.contains { trace.isSame($0, power) }
      && terms.contains { trace.constant($0)?.doubles.allSatisfy { $0 == 1 } ?? false }
  }

  // MARK: The rest

  /// Operators whose results are unbounded like their inputs or are not probabilities.
  private static let plain: Set<String> = others.union(
    OperatorRegistry.standard.names.filter {
      (OperatorRegistry.standard.find(domain: "", name: $0) as? any Operator.Type)?.keepsNumbersOpen == true
    })

  /// Those of them that are neither activations nor normalizations.
  private static let others: Set<String> = [
    Add.name, Sub.name, Mul.name, Div.name, Neg.name, Sum.name, Mean.name, Concat.name, Pad.name,
    PRelu.name, Clip.name, GlobalAveragePool.name, GlobalMaxPool.name, AveragePool.name, MaxPool.name,
    ReduceMean.name, ReduceMax.name, ReduceSum.name,
  ]

  /// Operators with weights; tracing stops at them, because operators before them do not matter.
  private static let learned: Set<String> = [Gemm.name, MatMul.name, Conv.name, ConvTranspose.name]

  /// The maximum number of nodes examined for one value.
  private static let nodeLimit = 4096

  /// The operators between a value and the layers with weights, or the input, before it; operators that only
  /// keep values are not included.
  private func operators(of id: ValueID) -> Set<String> {
    var names: Set<String> = []
    var waiting = [id]
    var seen: Set<ValueID> = [id]
    while let value = waiting.popLast(), seen.count < Self.nodeLimit {
      let origin = trace.origin(value).value
      guard trace.constant(origin) == nil, let node = graph.producer(of: origin) else { continue }
      let name = type(of: node.operation).name
      if Self.learned.contains(name) { continue }
      names.insert(name)
      for case let input? in node.inputs where seen.insert(input).inserted { waiting.append(input) }
    }
    return names
  }
}
