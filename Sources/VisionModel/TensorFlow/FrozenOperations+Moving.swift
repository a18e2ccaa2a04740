import VisionGraph
import VisionTensor
import VisionSystem

extension FrozenOperations {
  /// Operations that keep, move or count elements.
  static let moving: [String: Build] = [
    "Const": { importer, node, _ throws(FormatError) in
      guard case .tensor(let tensor)? = node.attributes["value"] else {
        throw node.error(.corrupt, "has no value")
      }
      return [.constant(try tensor.tensor())]
    },
    "Identity": same, "StopGradient": same, "CheckNumerics": same, "Snapshot": same,
    "Reshape": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      var shape = try integers(node, inputs, 1)
      // The first axis of an image's values is that of samples. The graph is built for one, and others must follow.
      if case .computed = x, x.shape.first == 1, shape.first == 1, !shape.contains(0) {
        shape[0] = 0
        return try importer.apply(Reshape(), [x, constant(shape)], node.name)
      }
      // For TensorFlow an extent of 0 is 0, not that of the input.
      return try importer.apply(Reshape(allowsZero: true), [x, constant(shape)], node.name)
    },
    "Squeeze": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let given = node.ints("squeeze_dims") ?? node.ints("axis") ?? []
      // A computed value's first axis is that of samples, of which there is one by chance.
      let first = x.constant == nil ? 1 : 0
      let axes = given.isEmpty ? x.shape.indices.filter { x.shape[$0] == 1 && $0 >= first } : given
      return try importer.apply(Squeeze(), [x, constant(axes)], node.name)
    },
    "ExpandDims": { importer, node, inputs throws(FormatError) in
      let axes = try integers(node, inputs, 1)
      guard axes.count == 1 else { throw node.error(.corrupt, "needs one axis") }
      return try importer.apply(Unsqueeze(), [input(node, inputs, 0), constant(axes)], node.name)
    },
    "Transpose": { importer, node, inputs throws(FormatError) in
      try importer.apply(Transpose(integers(node, inputs, 1)), [input(node, inputs, 0)], node.name)
    },
    "Shape": { importer, node, inputs throws(FormatError) in
      [try numbers(input(node, inputs, 0).shape, node, "out_type")]
    },
    "Size": { importer, node, inputs throws(FormatError) in
      let shape = try input(node, inputs, 0).shape
      return [
        .constant(Tensor(scalar: Int64(GraphLimits.product(shape))).converted(to: try type(node, "out_type")))
      ]
    },
    "Rank": { importer, node, inputs throws(FormatError) in
      [.constant(Tensor(scalar: Int32(try input(node, inputs, 0).shape.count)))]
    },
    "Pack": { importer, node, inputs throws(FormatError) in
      let rank = try input(node, inputs, 0).shape.count + 1
      let axis = try axis(node, node.int("axis") ?? 0, rank: rank)
      var parts: [FrozenValue] = []
      for part in inputs { parts += try importer.apply(Unsqueeze(), [part, constant([axis])], node.name) }
      return try importer.apply(Concat(axis: axis), parts, node.name)
    },
    "Unpack": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let axis = try axis(node, node.int("axis") ?? 0, rank: x.shape.count)
      guard let count = node.int("num"), count == x.shape[axis], count > 0 else {
        throw node.error(.network, "does not fit \(Shape(x.shape))")
      }
      let parts = try importer.apply(Split(axis: axis, into: count), [x], node.name)
      var results: [FrozenValue] = []
      for part in parts { results += try importer.apply(Squeeze(), [part, constant([axis])], node.name) }
      return results
    },
    "ConcatV2": { importer, node, inputs throws(FormatError) in
      guard inputs.count >= 2 else { throw node.error(.corrupt, "needs values and an axis") }
      return try concatenated(
        importer, node, Array(inputs.dropLast()), integers(node, inputs, inputs.count - 1))
    },
    "Concat": { importer, node, inputs throws(FormatError) in
      guard inputs.count >= 2 else { throw node.error(.corrupt, "needs values and an axis") }
      return try concatenated(importer, node, Array(inputs.dropFirst()), integers(node, inputs, 0))
    },
    "Split": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 1)
      let axes = try integers(node, inputs, 0)
      guard let count = node.int("num_split"), count > 0, axes.count == 1 else {
        throw node.error(.corrupt, "needs a count and one axis")
      }
      let axis = try axis(node, axes[0], rank: x.shape.count)
      guard x.shape[axis] % count == 0 else { throw node.error(.network, "does not fit \(Shape(x.shape))") }
      return try importer.apply(Split(axis: axis, into: count), [x], node.name)
    },
    "Slice": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let (begin, size) = (try integers(node, inputs, 1), try integers(node, inputs, 2))
      guard begin.count == x.shape.count, size.count == begin.count else {
        throw node.error(.network, "does not fit \(Shape(x.shape))")
      }
      let ends = begin.indices.map { size[$0] == -1 ? x.shape[$0] : begin[$0] + size[$0] }
      guard begin.indices.allSatisfy({ begin[$0] >= 0 && begin[$0] <= ends[$0] && ends[$0] <= x.shape[$0] })
      else {
        throw node.error(.network, "the slice from \(begin) of \(size) lies outside \(Shape(x.shape))")
      }
      return try importer.apply(Slice(), [x, constant(begin), constant(ends)], node.name)
    },
    "StridedSlice": stridedSlice,
    "Fill": { importer, node, inputs throws(FormatError) in
      let fill = try input(node, inputs, 1)
      guard fill.shape.isEmpty else { throw node.error(.corrupt, "the value is not one number") }
      return try importer.apply(Expand(), [fill, constant(integers(node, inputs, 0))], node.name)
    },
    "Tile": { importer, node, inputs throws(FormatError) in
      try importer.apply(Tile(), [input(node, inputs, 0), constant(integers(node, inputs, 1))], node.name)
    },
    "Range": { importer, node, inputs throws(FormatError) in
      try importer.apply(
        RangeOf(), [input(node, inputs, 0), input(node, inputs, 1), input(node, inputs, 2)], node.name)
    },
    "ZerosLike": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let zero = FrozenValue.constant(Tensor(doubles: [0], shape: [], elementType: x.type))
      return try importer.apply(Expand(), [zero, constant(x.shape)], node.name)
    },
    "Gather": { importer, node, inputs throws(FormatError) in
      try importer.apply(Gather(axis: 0), [input(node, inputs, 0), input(node, inputs, 1)], node.name)
    },
    "GatherV2": { importer, node, inputs throws(FormatError) in
      let axes = try integers(node, inputs, 2)
      guard axes.count == 1, node.int("batch_dims") ?? 0 == 0 else {
        throw node.error(.unsupported, "needs one axis, and no batch axes")
      }
      return try importer.apply(
        Gather(axis: axes[0]), [input(node, inputs, 0), input(node, inputs, 1)], node.name)
    },
    "Pad": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let pads = try integers(node, inputs, 1)
      guard pads.count == 2 * x.shape.count, pads.allSatisfy({ $0 >= 0 }) else {
        throw node.error(.network, "does not fit \(Shape(x.shape))")
      }
      // A pair for each axis there, all those before and then all those after here.
      let ordered =
        stride(from: 0, to: pads.count, by: 2).map { pads[$0] }
        + stride(from: 1, to: pads.count, by: 2).map { pads[$0] }
      return try importer.apply(Pad(), [x, constant(ordered)], node.name)
    },
    "Mean": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      return try importer.apply(
        ReduceMean(axes: integers(node, inputs, 1), keepsDimensions: node.flag("keep_dims")), [x], node.name)
    },
    "Max": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      return try importer.apply(
        ReduceMax(axes: integers(node, inputs, 1), keepsDimensions: node.flag("keep_dims")), [x], node.name)
    },
  ]

  private static let same: Build = { _, node, inputs throws(FormatError) in [try input(node, inputs, 0)] }

  /// Integers in the type that an attribute names; int32 unless it is given.
  private static func numbers(_ values: [Int], _ node: FrozenNode, _ attribute: String) throws(FormatError)
    -> FrozenValue
  {
    let wanted = node.type(attribute) == nil ? .int32 : try type(node, attribute)
    return .constant(Tensor(values.map(Int64.init)).converted(to: wanted))
  }

  private static func concatenated(
    _ importer: FrozenGraphImporter, _ node: FrozenNode, _ parts: [FrozenValue], _ axes: [Int]
  ) throws(FormatError) -> [FrozenValue] {
    guard axes.count == 1, let rank = parts.first?.shape.count else {
      throw node.error(.corrupt, "needs one axis")
    }
    let axis = try axis(node, axes[0], rank: rank)
    let isImage = parts.contains { if case .computed(_, true) = $0 { true } else { false } }
    guard isImage else { return try importer.apply(Concat(axis: axis), parts, node.name) }
    var images: [Value] = []
    for part in parts { images.append(try importer.channelsFirst(part, node.name)) }
    return [try importer.add(Concat(axis: [0, 2, 3, 1][axis]), images, node.name, isChannelsFirst: true)]
  }

  /// Python's slices: bits of the masks say for each entry that its begin or end is open, or that its axis goes.
  private static let stridedSlice: Build = { importer, node, inputs throws(FormatError) in
    let x = try input(node, inputs, 0)
    let lists = [try integers(node, inputs, 1), try integers(node, inputs, 2), try integers(node, inputs, 3)]
    guard lists.allSatisfy({ $0.count == lists[0].count }), lists[0].count <= x.shape.count,
      node.int("ellipsis_mask") ?? 0 == 0, node.int("new_axis_mask") ?? 0 == 0
    else { throw node.error(.unsupported, "slices with an ellipsis or new axes are not supported") }
    func has(_ mask: String, _ index: Int) -> Bool { (node.int(mask) ?? 0) >> index & 1 == 1 }
    var (begins, ends, steps, gone) = ([Int](), [Int](), [Int](), [Int]())
    for index in lists[0].indices {
      let extent = x.shape[index]
      var (begin, end, step) = (lists[0][index], lists[1][index], lists[2][index])
      guard step != 0, step > -1 << 31, step < 1 << 31 else { throw node.error(.corrupt, "the step \(step)") }
      if has("shrink_axis_mask", index) {
        guard (-extent..<extent).contains(begin) else {
          throw node.error(.network, "position \(begin) does not exist among \(extent)")
        }
        begin = begin < 0 ? begin + extent : begin
        (end, step) = (begin + 1, 1)
        gone.append(index)
      } else {
        if has("begin_mask", index) { begin = step > 0 ? 0 : extent }
        // Before the first element, which no number counted from the end can say.
        if has("end_mask", index) { end = step > 0 ? extent : -extent - 1 }
      }
      begins.append(begin)
      ends.append(end)
      steps.append(step)
    }
    let axes = Array(lists[0].indices)
    let slice = try importer.apply(
      Slice(), [x, constant(begins), constant(ends), constant(axes), constant(steps)], node.name)
    return gone.isEmpty ? slice : try importer.apply(Squeeze(), [slice[0], constant(gone)], node.name)
  }
}
