import Testing
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// No reference runs what copies, gathers, chooses or resizes, whatever the element type.
@Suite struct MovingKernelsTests {
  /// What a node reads: tensors whose values are known before the run, or not.
  private static func ints(_ numbers: [Int64], _ shape: Shape? = nil) -> Tensor {
    Tensor(numbers, shape: shape)
  }

  /// Checks that a plan of the operator has a kernel for each of the types, and what the kernels compute.
  private func check<Op: Operator>(
    _ op: Op, types: [ElementType] = [.float32, .int64, .int32, .bool, .uint8], _ shape: Shape,
    _ others: [Tensor?] = [], constants: Set<Int> = []
  ) throws {
    for type in types {
      let numbers = (0..<shape.elementCount).map { Double($0 * 37 % 23 - (type == .uint8 ? 0 : 11)) }
      let x = Tensor(doubles: numbers, shape: shape, elementType: type)
      let others = others.map { $0?.elementType == .float64 ? $0?.converted(to: type) : $0 }
      try expectKernel(op, [x] + others, constants: constants)
      try checkOperator(op, [x] + others, constants: constants, kernelTolerance: 0, roundTrips: false)
    }
  }

  @Test func gather() throws {
    try check(Gather(axis: 1), [2, 5, 3], [Self.ints([4, 0, -1, 2, 2, 1], [2, 3])])
    try check(Gather(axis: 0), [7], [Tensor([6, -7] as [Int32])])
    try check(Gather(axis: 1), [2, 90, 3], [Self.ints((0..<70).map { $0 * 13 % 90 - 5 })], constants: [1])
    try check(GatherElements(axis: 1), [2, 5, 3], [Self.ints([0, 4, -1, 2, 3, 1], [1, 2, 3])])
    try check(GatherElements(axis: -1), [4, 5], [Tensor([0, 4, -5, 2] as [Int32], shape: [4, 1])])
    try check(GatherND(), [2, 5, 3], [Self.ints([0, 4, 1, -2], [2, 2])])
    try check(GatherND(batchAxes: 1), [2, 5, 3], [Self.ints([0, 4, -1, 2], [2, 2, 1])])
  }

  @Test func scatter() throws {
    let updates = Tensor((0..<6).map { Double($0 % 2) }, shape: [2, 3])
    try check(ScatterElements(axis: 1), [3, 5], [Self.ints([0, 4, -1, 2, 2, 1], [2, 3]), updates])
    try check(ScatterND(), [5, 3], [Self.ints([4, 1], [2, 1]), updates])
  }

  /// Indices of a box, in order, as exporters write them for an assignment to a slice; and such that are nearly one.
  @Test(arguments: 0..<5) func assign(form: Int) throws {
    let (rows, columns): ([Int64], [Int64]) =
      [
        ([0, 1, 2], [0, 1, 2, 3, 4]), ([1, 2], [-1, -3]), ([2], [0, 3]), ([0, 0], [1, 2]), ([0, 2, 1], [4]),
      ][form]
    let places = rows.flatMap { row in columns.flatMap { [row, $0] } }
    let shape = Shape([rows.count, columns.count])
    try check(
      ScatterND(), [3, 5],
      [
        Self.ints(places, Shape(shape.dimensions + [2])),
        Tensor((0..<shape.elementCount).map { Double($0 % 2) }, shape: shape),
      ], constants: [1])
  }

  @Test func choose() throws {
    for type in [ElementType.float32, .float64, .int64, .int32, .bool, .uint8, .float16] {
      let x = Tensor(doubles: (0..<12).map { Double($0 % 5) }, shape: [2, 1, 6], elementType: type)
      let y = Tensor(doubles: (0..<4).map { Double($0 % 3) }, shape: [4, 1], elementType: type)
      let condition = Tensor((0..<24).map { $0 % 3 == 0 }, shape: [1, 4, 6])
      try expectKernel(Where(), [condition, x, y], constants: [])
      try checkOperator(Where(), [condition, x, y], kernelTolerance: 0)
      try checkOperator(Where(), [Tensor(scalar: true), x, y], kernelTolerance: 0)
    }
    let image = [1, 3, 4, 5] as Shape
    try checkOperator(
      Where(),
      [Tensor((0..<60).map { $0 % 7 < 3 }, shape: image), pattern(image), pattern([3, 1, 1], seed: 2)],
      kernelTolerance: 0)
  }

  @Test func cast() throws {
    let types: [ElementType] = [
      .float32, .float64, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .bool,
    ]
    let floats: [Double] = [0, -0.0, 1.5, -1.5, 300, -300, 1e6, 5e9, -5e9, 1e30, -1e30, .nan, .infinity]
    let integers = [
      0, 1, -1, 127, 128, -129, 255, 256, 70_000, -70_000, 1 << 31, (1 << 53) + 1, Int.max, .min,
    ]
    for from in types {
      let x =
        from.isFloatingPoint
        ? Tensor(doubles: floats, shape: [floats.count], elementType: from)
        : Tensor(wrapping: integers, shape: [integers.count], elementType: from)
      for to in types {
        try expectKernel(Cast(to: to), [x], constants: [])
        try checkOperator(Cast(to: to), [x], kernelTolerance: 0)
      }
    }
    try checkOperator(Cast(to: .int32), [pattern([1, 3, 4, 5])], kernelTolerance: 0)
  }

  @Test func select() throws {
    let types: [ElementType] = [.float32, .float64, .int64, .int32, .uint8, .int8]
    for (axis, k) in [(1, 3), (0, 2), (-1, 7)] {
      try check(TopK(axis: axis), types: types, [2, 9, 7], [Self.ints([Int64(k)])], constants: [1])
      try check(
        TopK(axis: axis, largest: false), types: types, [2, 9, 7], [Self.ints([Int64(k)])], constants: [1])
      try check(ArgMax(axis: axis), types: types, [2, 9, 7])
      try check(ArgMin(axis: axis, selectsLast: true), types: types, [2, 9, 7])
    }
    let odd = Tensor([0, -0.0, .nan, 3, -.infinity, .nan, .infinity, 3, 0] as [Float])
    for k in 0...9 {
      for largest in [true, false] {
        try checkOperator(
          TopK(largest: largest), [odd, Self.ints([Int64(k)])], constants: [1], kernelTolerance: 0)
      }
    }
    for x in [odd, Tensor([3, .max, 1, .max, .min, .min] as [Int64])] {
      for last in [true, false] {
        try checkOperator(ArgMax(axis: 0, selectsLast: last), [x], kernelTolerance: 0)
        try checkOperator(ArgMin(axis: 0, selectsLast: last), [x], kernelTolerance: 0)
      }
    }
    try checkOperator(ArgMax(axis: 1), [pattern([1, 19, 13, 11])], kernelTolerance: 0)
  }

  @Test func pad() throws {
    let pads = Self.ints([0, 1, 2, 1, 0, 3])
    for mode in [Pad.Mode.edge, .reflect, .wrap] {
      try check(Pad(mode: mode), [2, 4, 5], [pads], constants: [1])
      try check(Pad(mode: mode), [2, 4, 5], [Self.ints([0, -1, 2, 1, 2, -3])], constants: [1])
      try checkOperator(
        Pad(mode: mode), [pattern([2, 9, 4, 5]), Self.ints([0, 0, 1, 2, 0, 0, 3, 1])], constants: [1],
        kernelTolerance: 0)
    }
    try check(Pad(), [2, 4, 5], [Self.ints([0, -1, 2, 1, 2, -3])], constants: [1])
    try checkOperator(
      Pad(), [pattern([2, 4, 5]), Self.ints([0, -1, 2, 1, 2, -3]), Tensor(scalar: Float(7))],
      constants: [1, 2], kernelTolerance: 0)
  }

  @Test func repeatAndMove() throws {
    try check(Tile(), [2, 3, 4], [Self.ints([2, 1, 3])], constants: [1])
    try check(Expand(), [2, 1, 4], [Self.ints([3, 2, 5, 1])], constants: [1])
    try check(
      Slice(), [4, 5, 6],
      [Self.ints([-1, 4]), Self.ints([-9, 0]), Self.ints([0, 2]), Self.ints([-2, -1])],
      constants: [1, 2, 3, 4])
    try check(Split(axis: 1, into: 2), [2, 6, 3])
    try check(Transpose([2, 0, 1]), [2, 6, 3])
    for block in [2, 3] {
      let channels = 2 * block * block
      try check(DepthToSpace(block: block), [2, channels, 3, 4])
      try check(DepthToSpace(block: block, mode: .channelsFirst), [2, channels, 3, 4])
      try check(SpaceToDepth(block: block), [2, 5, 2 * block, 3 * block])
    }
    try check(CenterCropPad(axes: [0, -1]), [4, 3, 5], [Self.ints([2, 8])], constants: [1])
    try check(Concat(axis: 1), [2, 3], [Tensor([0, 1, 1, 0] as [Double], shape: [2, 2])])
    try checkOperator(
      Tile(), [pattern([1, 9, 3, 4]), Self.ints([1, 2, 2, 1])], constants: [1], kernelTolerance: 0)
  }

  @Test func resize() throws {
    let scales = Tensor([1, 1, 2, 1.5] as [Float])
    for rounding in [ResizeSampling.Rounding.floor, .ceil, .roundPreferFloor, .roundPreferCeil] {
      try check(Resize(ResizeSampling(rounding: rounding)), [1, 2, 3, 4], [nil, scales], constants: [2])
    }
    for mode in [ResizeSampling.Mode.linear, .cubic] {
      try expectKernel(
        Resize(ResizeSampling(mode: mode)), [pattern([1, 2, 3, 4]), nil, scales], constants: [2])
      // Three axes, two that are not neighbors, and none.
      for factors in [[1, 2, 1.5, 0.5, 3], [2, 1, 1.5, 1, 1], [1, 1, 1, 1, 1], [2, 1.5, 2, 1.5, 2]]
        as [[Float]]
      {
        let inputs = [pattern([2, 3, 4, 3, 2]), nil, Tensor(factors)]
        try expectKernel(Resize(ResizeSampling(mode: mode)), inputs, constants: [2])
        try checkOperator(
          Resize(ResizeSampling(mode: mode)), inputs, constants: [2], kernelTolerance: 3e-6)
      }
    }
  }

  @Test func pool() throws {
    for shape in [[2, 3, 9], [1, 2, 5, 4, 6]] as [Shape] {
      let window = Window(
        kernel: shape.dropFirst(2).map { _ in 3 }, strides: shape.dropFirst(2).map { _ in 2 })
      try expectKernel(MaxPool(window: window), [pattern(shape)], constants: [])
      try expectKernel(AveragePool(window: window), [pattern(shape)], constants: [])
      try expectKernel(MaxPoolWithIndices(MaxPool(window: window)), [pattern(shape)], constants: [])
    }
  }

  @Test func sample() throws {
    let x = pattern([2, 8, 5, 6])
    try expectKernel(
      RoiAlign(height: 2, width: 2), [x, pattern([3, 4]), Self.ints([0, 1, 1])], constants: [])
    for mode in [GridSampling.Mode.nearest, .linear, .cubic] {
      try expectKernel(GridSample(GridSampling(mode: mode)), [x, pattern([2, 3, 4, 2])], constants: [])
    }
    try expectKernel(AffineGrid(), [pattern([2, 2, 3]), Self.ints([2, 1, 3, 4])], constants: [1])
    try expectKernel(
      DeformConv(window: Window(kernel: [2, 2])),
      [x, pattern([4, 8, 2, 2]), pattern([2, 8, 4, 5])], constants: [])
    try expectKernel(
      MaxUnpool(window: Window(kernel: [2], strides: [2])),
      [pattern([1, 1, 2]), Self.ints([0, 3], [1, 1, 2])], constants: [])
  }

  @Test func columns() throws {
    let x = [pattern([2, 12, 16]), Self.ints([4, 5]), Self.ints([2, 3])]
    try expectKernel(Col2Im(pads: [0, 1, 1, 0]), x, constants: [1, 2])
    try checkOperator(Col2Im(pads: [0, 1, 1, 0]), x, constants: [1, 2])
    for (x, w) in [([2, 4, 7], [4, 3, 3]), ([1, 4, 3, 4, 2], [4, 2, 2, 3, 2])] as [(Shape, Shape)] {
      for groups in [1, 2] {
        let axes = x.rank - 2
        let window = Window(
          kernel: Array(w.dimensions.dropFirst(2)), strides: [Int](repeating: 2, count: axes),
          dilations: (0..<axes).map { 1 + $0 % 2 },
          padding: .explicit((0..<(2 * axes)).map { $0 % 2 }))
        let inputs = [pattern(x), pattern(w, seed: 1), pattern([w[1] * groups], seed: 2)]
        try expectKernel(ConvTranspose(window: window, groups: groups), inputs, constants: [])
        try checkOperator(
          ConvTranspose(window: window, groups: groups), inputs, kernelTolerance: 2e-6)
        try checkOperator(
          ConvTranspose(window: window, groups: groups), Array(inputs.dropLast()), kernelTolerance: 2e-6)
      }
    }
  }

  @Test func transposedConvolutions() throws {
    for groups in [1, 2] {
      for padding in [Window.Padding.explicit([1, 0, 1, 2]), .sameUpper] {
        let window = Window(kernel: [3, 2], strides: [2, 3], padding: padding)
        let inputs = [
          pattern([2, 4, 5, 3]), pattern([4, 3, 3, 2], seed: 1), pattern([3 * groups], seed: 2),
        ]
        let op = ConvTranspose(window: window, groups: groups, outputPadding: [1, 0])
        try expectKernel(op, inputs, constants: [])
        try checkOperator(op, inputs, kernelTolerance: 2e-6)
      }
    }
  }
}
