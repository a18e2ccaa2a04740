import VisionSystem
public import VisionTensor

/// The elements of x, or its slices along an axis, each once. ONNX Unique, opset 11.
///
/// Input: x of any type. Outputs: the elements; and as int64 the place of the first of each, for each of x the place
/// among the results, and how often each is there. Slices are ordered by their elements, one after the other; NaN
/// is larger than all numbers and equal to itself.
public struct Unique: DataDependentOperator {
  public static let name = "Unique"
  public static let constantInputs: Set = [0]
  /// The axis; negative ones count from the end, nil stands for x as one row.
  public var axis: Int?
  /// Whether the results are in ascending order, and not in the order in which they first occur.
  public var sorted: Bool

  public init(axis: Int? = nil, sorted: Bool = true) {
    self.axis = axis
    self.sorted = sorted
  }

  public func check(_ inputs: [Fact?]) throws(ShapeError) {
    let x = try ShapeRule.required(inputs, 0)
    if let axis { _ = try ShapeRule.axis(axis, rank: x.shape.rank) }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let given = try Reference.required(inputs, 0)
    let x = axis == nil ? given.reshaped(to: [given.elementCount]) : given
    let axis = axis.map { $0 < 0 ? $0 + x.shape.rank : $0 } ?? 0
    let groups = Groups(count: x.shape[axis], isSorted: sorted, Self.order(x, axis))
    let firsts = groups.firsts
    var shape = x.shape
    shape[axis] = firsts.count
    var steps = x.shape.strides
    steps[axis] = 0
    let stride = x.shape.strides[axis]
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let starts = Reference.indices(shape, steps: steps)
    let places = starts.enumerated().map { position, start in
      start + firsts[position / max(inner, 1) % max(firsts.count, 1)] * stride
    }
    return [
      Reference.gather(x, places, shape: shape), Tensor(firsts.map { Int64($0) }),
      Tensor(groups.inverse.map { Int64($0) }), Tensor(groups.counts.map { Int64($0) }),
    ]
  }

  /// How two slices along an axis compare: below zero where the first comes first, zero where they are equal.
  private static func order(_ x: Tensor, _ axis: Int) -> (Int, Int) -> Int {
    let stride = x.shape.strides[axis]
    var rest = x.shape
    rest[axis] = 1
    let offsets = Reference.indices(rest, steps: x.shape.strides)
    func compare<Number: Comparable>(_ values: [Number], _ isNaN: @escaping (Number) -> Bool)
      -> (Int, Int) -> Int
    {
      { a, b in
        for offset in offsets {
          let (x, y) = (values[offset + a * stride], values[offset + b * stride])
          if x < y { return -1 }
          if x > y { return 1 }
          if x == y { continue }
          let (first, second) = (isNaN(x), isNaN(y))
          if first != second { return first ? 1 : -1 }
        }
        return 0
      }
    }
    if x.elementType.isFloatingPoint { return compare(x.doubles) { $0.isNaN } }
    if let wide = x.values(as: UInt64.self) { return compare(wide) { _ in false } }
    return compare(x.integers) { _ in false }
  }

  /// Which of `count` things are equal.
  private struct Groups {
    /// The first of each group.
    private(set) var firsts: [Int] = []
    /// The group of each thing.
    private(set) var inverse: [Int]
    private(set) var counts: [Int] = []

    init(count: Int, isSorted: Bool, _ order: (Int, Int) -> Int) {
      let ascending = (0..<count).sorted { a, b in
        let result = order(a, b)
        return result < 0 || result == 0 && a < b
      }
      inverse = [Int](repeating: 0, count: count)
      for (place, thing) in ascending.enumerated() {
        if place == 0 || order(ascending[place - 1], thing) != 0 {
          firsts.append(thing)
          counts.append(0)
        }
        inverse[thing] = firsts.count - 1
        counts[firsts.count - 1] += 1
      }
      guard !isSorted else { return }
      let byOccurrence = firsts.indices.sorted { firsts[$0] < firsts[$1] }
      var place = [Int](repeating: 0, count: firsts.count)
      for (new, old) in byOccurrence.enumerated() { place[old] = new }
      (firsts, counts) = (byOccurrence.map { firsts[$0] }, byOccurrence.map { counts[$0] })
      inverse = inverse.map { place[$0] }
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "sorted"])
    try node.allowInputs(atMost: 1)
    let unique = Unique(axis: try node.int("axis"), sorted: try node.flag("sorted", default: true))
    return try graph.add(unique, [node.input(0)], name: node.name)
  }

  public var attributes: Attributes {
    var attributes: Attributes = [:]
    if let axis { attributes["axis"] = .int(axis) }
    attributes["sorted"] = .int(sorted ? 1 : 0)
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
