import VisionGraph
import VisionTensor
import VisionSystem

extension KerasLayers {
  /// Layers that combine values, or move their elements.
  static let shapes: [String: Build] = [
    "Add": combined(Add()), "Multiply": combined(Mul()), "Maximum": combined(Max()),
    "Minimum": combined(Min()),
    "Subtract": { importer, layer, inputs throws(FormatError) in
      guard inputs.count == 2 else { throw layer.error(.corrupt, "reads \(inputs.count) values, not two") }
      return try combined(Sub())(&importer, layer, inputs)
    },
    "Average": { importer, layer, inputs throws(FormatError) in
      let sum = try combined(Add())(&importer, layer, inputs)
      return try importer.add(Div(), [sum, importer.scalar(Float(inputs.count), layer)], layer)
    },
    "Concatenate": { importer, layer, inputs throws(FormatError) in
      let rank = inputs[0].shape.rank
      let given = layer.settings["axis"]?.integer ?? -1
      let axis = given < 0 ? given + rank : given
      guard axis > 0, axis < rank, inputs.allSatisfy({ $0.shape.rank == rank }) else {
        throw layer.error(.network, "joins values on an axis that they have not")
      }
      return try importer.add(Concat(axis: rank == 4 ? [0, 2, 3, 1][axis] : axis), inputs, layer)
    },
    "Flatten": { importer, layer, inputs throws(FormatError) in
      try layer.check("data_format", isOneOf: ["channels_last"])
      let x = try one(layer, inputs)
      return try importer.add(Flatten(), [importer.logical(x, layer.name)], layer)
    },
    "Reshape": { importer, layer, inputs throws(FormatError) in
      let extents = layer.settings["target_shape"]?.array ?? []
      let shape = extents.compactMap(\.integer)
      guard shape.count == extents.count, !shape.isEmpty, shape.count <= 3,
        shape.allSatisfy({ $0 > 0 || $0 == -1 })
      else { throw layer.error(.unsupported, "to another shape than one to three extents is not supported") }
      // An extent of 0 keeps the axis of samples.
      let target = importer.constant(Tensor([0] + shape.map(Int64.init)), layer)
      let x = try importer.logical(one(layer, inputs), layer.name)
      return try importer.native(importer.add(Reshape(), [x, target], layer), layer.name)
    },
    "ZeroPadding2D": { importer, layer, inputs throws(FormatError) in
      let (rows, columns) = try sides(layer, "padding")
      let pads = [0, 0, rows[0], columns[0], 0, 0, rows[1], columns[1]].map(Int64.init)
      return try importer.add(Pad(), [image(layer, inputs), importer.constant(Tensor(pads), layer)], layer)
    },
    "Cropping2D": { importer, layer, inputs throws(FormatError) in
      let (rows, columns) = try sides(layer, "cropping")
      let x = try image(layer, inputs)
      let ends = [x.shape[2] - rows[1], x.shape[3] - columns[1]]
      guard rows[0] < ends[0], columns[0] < ends[1] else {
        throw layer.error(.network, "leaves nothing of \(x.shape[2])×\(x.shape[3]) pixels")
      }
      let numbers = [[rows[0], columns[0]], ends, [2, 3]].map {
        importer.constant(Tensor($0.map(Int64.init)), layer)
      }
      return try importer.add(Slice(), [x] + numbers, layer)
    },
    "UpSampling2D": { importer, layer, inputs throws(FormatError) in
      let sides = try layer.pair("size") ?? [2, 2]
      try layer.check("interpolation", isOneOf: ["nearest", "bilinear"])
      let isNearest = try layer.text("interpolation") ?? "nearest" == "nearest"
      let sampling = ResizeSampling(
        mode: isNearest ? .nearest : .linear, coordinates: isNearest ? .asymmetric : .halfPixel,
        rounding: .floor)
      let scales = importer.constant(Tensor([1, 1] + sides.map { Float($0) }, shape: [4]), layer)
      return try importer.add(Resize(sampling), [image(layer, inputs), nil, scales], layer)
    },
  ]

  /// The numbers before and after the rows and the columns.
  private static func sides(_ layer: KerasLayer, _ key: String) throws(FormatError) -> ([Int], [Int]) {
    let margins = try layer.margins(key)
    return (margins[0], margins[1])
  }

  /// Combines values of one rank, the first with the second, then with the third and so on.
  private static func combined(_ op: some Operator) -> Build {
    { importer, layer, inputs throws(FormatError) in
      guard inputs.count > 1, inputs.allSatisfy({ $0.shape.rank == inputs[0].shape.rank }) else {
        throw layer.error(.unsupported, "of values with different numbers of axes is not supported")
      }
      var result = inputs[0]
      for other in inputs.dropFirst() { result = try importer.add(op, [result, other], layer) }
      return result
    }
  }
}
