import CVisionKernels
import Foundation
import Testing
import VisionCompute

@Suite struct UnaryTests {
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let op: vn_unary_op
    var a: Float = 0
    var b: Float = 0
    /// Allowed units in the last place, measured and rounded up.
    let ulps: Double
    /// Allowed error relative to 1 where the result cancels.
    var absolute = 0.0
    let exact: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  static let functions: [Function] = [
    Function(name: "identity", op: VN_IDENTITY, ulps: 0) { $0 },
    Function(name: "relu", op: VN_RELU, ulps: 0) { $0 < 0 ? 0 : $0 },
    Function(name: "clip", op: VN_CLIP, a: -1, b: 6, ulps: 0) { $0 < -1 ? -1 : $0 > 6 ? 6 : $0 },
    Function(name: "leaky", op: VN_LEAKY_RELU, a: 0.25, ulps: 0.5) { $0 < 0 ? 0.25 * $0 : $0 },
    Function(name: "elu", op: VN_ELU, a: 1.5, ulps: 3) { $0 < 0 ? 1.5 * expm1($0) : $0 },
    Function(name: "selu", op: VN_SELU, a: 1.5, b: 1.25, ulps: 3) { 1.25 * ($0 < 0 ? 1.5 * expm1($0) : $0) },
    Function(name: "celu", op: VN_CELU, a: 2, ulps: 3) { $0 < 0 ? 2 * expm1($0 / 2) : $0 },
    Function(name: "thresholded", op: VN_THRESHOLDED_RELU, a: 1, ulps: 0) { $0 <= 1 ? 0 : $0 },
    Function(name: "sigmoid", op: VN_SIGMOID, ulps: 3) { 1 / (1 + exp(-$0)) },
    Function(name: "silu", op: VN_SILU, a: 1, ulps: 4, absolute: 1e-42) {
      $0 == -.infinity ? 0 : $0 / (1 + exp(-$0))
    },
    Function(name: "hardSigmoid", op: VN_HARD_SIGMOID, a: 0.25, b: 0.5, ulps: 1, absolute: 1e-7) {
      $0.isNaN ? $0 : min(max(0.25 * $0 + 0.5, 0), 1)
    },
    Function(name: "hardSwish", op: VN_HARD_SWISH, ulps: 2, absolute: 6e-7) {
      $0.isNaN ? $0 : $0 <= -3 ? 0 : $0 * min($0 / 6 + 0.5, 1)
    },
    Function(name: "tanh", op: VN_TANH, ulps: 3) { tanh($0) },
    Function(name: "exp", op: VN_EXP, ulps: 2) { exp($0) },
    Function(name: "log", op: VN_LOG, ulps: 2) { log($0) },
    Function(name: "sqrt", op: VN_SQRT, ulps: 0.5) { $0.squareRoot() },
    Function(name: "reciprocal", op: VN_RECIPROCAL, ulps: 0.5) { 1 / $0 },
    Function(name: "neg", op: VN_NEG, ulps: 0) { -$0 },
    Function(name: "abs", op: VN_ABS, ulps: 0) { abs($0) },
    Function(name: "erf", op: VN_ERF, ulps: 3) { erf($0) },
    Function(name: "gelu", op: VN_GELU, ulps: 4, absolute: 4e-7) {
      $0 == -.infinity ? 0 : $0 / 2 * (erfc(-$0 / 2.0.squareRoot()))
    },
    Function(name: "geluTanh", op: VN_GELU_TANH, ulps: 4, absolute: 4e-7) {
      $0 < -20 ? 0 : $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    Function(name: "softplus", op: VN_SOFTPLUS, ulps: 3) { $0 > 30 ? $0 + exp(-$0) : log1p(exp($0)) },
    Function(name: "softsign", op: VN_SOFTSIGN, ulps: 2) { $0.isInfinite ? .nan : $0 / (1 + abs($0)) },
    Function(name: "mish", op: VN_MISH, ulps: 5, absolute: 1e-42) {
      $0 * tanh($0 > 30 ? $0 : log1p(exp($0)))
    },
    Function(name: "floor", op: VN_FLOOR, ulps: 0) { $0.rounded(.down) },
    Function(name: "ceil", op: VN_CEIL, ulps: 0) { $0.rounded(.up) },
    Function(name: "round", op: VN_ROUND, ulps: 0) { $0.rounded(.toNearestOrEven) },
    Function(name: "sign", op: VN_SIGN, ulps: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    Function(name: "square", op: VN_SQUARE, ulps: 0.5) { $0 * $0 },
    Function(name: "affine", op: VN_AFFINE, a: 0.5, b: 3, ulps: 0.5) { 0.5 * $0 + 3 },
  ]

  /// Numbers of every size and sign, the edges of the range, and a fine grid where functions bend.
  static let samples: [Float] = {
    var x: [Float] = [
      0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 88.72283, 88.72284, -87.33655, -103.97, -104.5, -150,
      200,
      .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude,
      -.leastNormalMagnitude, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 8_388_607.5, 8_388_608, 4.1,
      0.925,
      0.625, 16_777_218, -8_388_609,
    ]
    for bits in stride(from: UInt32(0), to: 0x7f80_0000, by: 65_537) {
      x.append(Float(bitPattern: bits))
      x.append(-Float(bitPattern: bits))
    }
    for i in -20_000...20_000 { x.append(Float(i) / 1777) }
    for i in -3000...3000 { x.append(Float(i) / 25.3) }
    return x
  }()

  static func run(
    _ function: Function, _ x: [Float], _ executor: Executor, into y: inout [Float]
  ) {
    vn_unary(executor.kernels, function.op, function.a, function.b, x.count, x, &y, executor.pool)
  }

  @Test(arguments: InstructionSet.supported, functions)
  func functionsAreAccurateOverTheWholeRange(_ set: InstructionSet, _ function: Function) {
    let x = Self.samples
    var y = [Float](repeating: 7, count: x.count)
    Self.run(function, x, executor(set), into: &y)
    var worst = 0.0, at: Float = 0
    for (x, y) in zip(x, y) {
      let exact = function.exact(Double(x))
      if abs(Double(y) - exact) <= function.absolute { continue }
      let error = ulps(y, exact)
      if error > worst { (worst, at) = (error, x) }
    }
    #expect(worst <= function.ulps, "\(function.name)(\(at)) is \(worst) ulp off on \(set)")
    KernelCases.record(
      "unary", on: set, .ulps(function.ulps, orAbsolute: function.absolute),
      [.value(function.op), .array([function.a, function.b]), .array(x)],
      expected: .array(x.map { function.exact(Double($0)) }))
  }

  @Test(arguments: InstructionSet.supported)
  func everyLengthInPlaceAndInRows(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 2)
    for count in 0...70 {
      let x = numbers.floats(count + 1)
      var y = x
      vn_unary(executor.kernels, VN_NEG, 0, 0, count, x, &y, nil)
      #expect(y == x[..<count].map { -$0 } + [x[count]])
    }
    let x = numbers.floats(9 * 30)
    var y = [Float](repeating: 5, count: 9 * 33)
    vn_unary_rows(executor.kernels, VN_NEG, 0, 0, 9, 27, x, 30, &y, 33, executor.pool)
    for i in 0..<9 {
      for j in 0..<33 { #expect(y[i * 33 + j] == (j < 27 ? -x[i * 30 + j] : 5)) }
    }
    let long = numbers.floats(100_003)
    var one = long, two = long
    vn_unary(executor.kernels, VN_TANH, 0, 0, long.count, long, &one, nil)
    vn_unary(executor.kernels, VN_TANH, 0, 0, long.count, long, &two, executor.pool)
    #expect(one == two)
  }

  @Test(arguments: InstructionSet.supported)
  func channelsAreScaledAndShifted(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 4)
    for columns in [1, 3, 16, 37] {
      let x = numbers.floats(5 * (columns + 2)), scale = numbers.floats(columns),
        shift = numbers.floats(columns)
      var y = [Float](repeating: 0, count: 5 * columns)
      vn_channel_affine(
        executor.kernels, 5, columns, x, Int64(columns + 2), scale, shift, VN_RELU, 0, 0, &y, Int64(columns),
        executor.pool)
      var exact = [Double]()
      for i in 0..<5 {
        for j in 0..<columns {
          exact.append(max(0, Double(x[i * (columns + 2) + j]) * Double(scale[j]) + Double(shift[j])))
        }
      }
      #expect(distance(y, exact) < 2e-7)
      KernelCases.record(
        "channelAffine", on: set, .distance(2e-7),
        [.array([5, columns, columns + 2]), .value(VN_RELU), .array(x), .array(scale), .array(shift)],
        expected: .array(exact))
    }
  }
}
