import CVisionKernels
import Foundation
import Testing
import VisionCompute

@Suite struct RowsTests {
  static let shapes = [
    (1, 1, 1), (3, 7, 1), (2, 1000, 1), (1, 100_003, 1), (5, 64, 1), (2, 5, 3), (1, 300, 65), (4, 2, 200),
    (1, 3, 20_000),
  ]

  @Test(arguments: InstructionSet.supported)
  func reductionsMatchTheReference(_ set: InstructionSet) {
    let two = executor(set), one = executor(set, threads: 1)
    var numbers = Numbers(seed: 23)
    let reductions = [
      VN_SUM, VN_MEAN, VN_REDUCE_MAX, VN_REDUCE_MIN, VN_SUM_SQUARE, VN_SUM_ABS, VN_PRODUCT,
      VN_ROOT_SUM_SQUARE,
    ]
    for op in reductions {
      for (outer, count, inner) in Self.shapes {
        let scale: Float = op == VN_PRODUCT ? 0.01 : 1
        let x = numbers.floats(outer * count * inner).map { op == VN_PRODUCT ? 1 + $0 * scale : $0 }
        var y = [Float](repeating: 0, count: outer * inner), again = y
        vn_reduce(two.kernels, op, outer, count, inner, x, &y, two.pool)
        vn_reduce(one.kernels, op, outer, count, inner, x, &again, one.pool)
        #expect(y == again)
        var exact = [Double]()
        for o in 0..<outer {
          for i in 0..<inner {
            let run = (0..<count).map { Double(x[(o * count + $0) * inner + i]) }
            switch op {
            case VN_MEAN: exact.append(run.reduce(0, +) / Double(count))
            case VN_REDUCE_MAX: exact.append(run.max() ?? .nan)
            case VN_REDUCE_MIN: exact.append(run.min() ?? .nan)
            case VN_SUM_SQUARE: exact.append(run.reduce(0) { $0 + $1 * $1 })
            case VN_ROOT_SUM_SQUARE: exact.append(run.reduce(0) { $0 + $1 * $1 }.squareRoot())
            case VN_SUM_ABS: exact.append(run.reduce(0) { $0 + abs($1) })
            case VN_PRODUCT: exact.append(run.reduce(1, *))
            default: exact.append(run.reduce(0, +))
            }
          }
        }
        // Sums of numbers of both signs cancel: their error grows with the root of the count.
        let factor = op == VN_SUM ? max(1, Double(count).squareRoot() / 30) : op == VN_PRODUCT ? 50 : 1
        #expect(distance(y, exact) < 3e-6 * factor, "\(op) \(outer) \(count) \(inner)")
        KernelCases.record(
          "reduce", on: set, .distance(3e-6 * factor),
          [.array([Int(op.rawValue), outer, count, inner]), .array(x)],
          expected: .array(exact))
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func normsReachTheEndsOfTheRange(_ set: InstructionSet) {
    let executor = executor(set)
    for (value, inner) in [(Float(3e-30), 1), (3e-30, 3), (2e30, 1), (2e30, 3), (0, 1), (.infinity, 3)] {
      let x = [Float](repeating: value, count: 100 * inner)
      var y = [Float](repeating: 0, count: inner)
      vn_reduce(executor.kernels, VN_ROOT_SUM_SQUARE, 1, 100, inner, x, &y, nil)
      #expect(y.allSatisfy { $0 == value * 10 || abs($0 - value * 10) < value * 1e-5 }, "\(value) \(y)")
    }
  }

  @Test(arguments: InstructionSet.supported)
  func notANumberIsTheExtreme(_ set: InstructionSet) {
    let executor = executor(set)
    for count in [1, 5, 70, 300] {
      for position in Set([0, count / 2, count - 1]) {
        for op in [VN_REDUCE_MAX, VN_REDUCE_MIN, VN_SUM] {
          var x = [Float](repeating: 2, count: count), y: [Float] = [0]
          x[position] = .nan
          vn_reduce(executor.kernels, op, 1, count, 1, x, &y, nil)
          #expect(y[0].isNaN)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func softmaxMatchesTheReference(_ set: InstructionSet) {
    let two = executor(set), one = executor(set, threads: 1)
    var numbers = Numbers(seed: 29)
    for (outer, count, inner) in Self.shapes {
      for scale in [Float(1), 50, 1e4] {
        let x = numbers.floats(outer * count * inner).map { $0 * scale }
        var y = x, z = [Float](repeating: 0, count: x.count), logarithm = z
        vn_softmax(two.kernels, outer, count, inner, y, &y, two.pool)
        vn_softmax(one.kernels, outer, count, inner, x, &z, one.pool)
        vn_log_softmax(two.kernels, outer, count, inner, x, &logarithm, two.pool)
        #expect(y == z)
        var exact = [Double](repeating: 0, count: x.count), exactLogarithm = exact
        for o in 0..<outer {
          for i in 0..<inner {
            let at = (0..<count).map { (o * count + $0) * inner + i }
            let most = at.map { Double(x[$0]) }.max() ?? 0
            let sum = at.reduce(0.0) { $0 + exp(Double(x[$1]) - most) }
            for t in at {
              exact[t] = exp(Double(x[t]) - most) / sum
              exactLogarithm[t] = Double(x[t]) - most - log(sum)
            }
          }
        }
        #expect(distance(y, exact) < 1e-6)
        #expect(distance(logarithm, exactLogarithm) < 2e-6)
        KernelCases.record(
          "softmax", on: set, .distance(1e-6), [.array([outer, count, inner]), .array(x)],
          expected: .array(exact))
        KernelCases.record(
          "logSoftmax", on: set, .distance(2e-6), [.array([outer, count, inner]), .array(x)],
          expected: .array(exactLogarithm))
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func layerNormMatchesTheReference(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 31)
    for (rows, columns) in [(1, 1), (3, 10), (4, 40), (5, 64), (2, 768), (1, 5001)] {
      let x = numbers.floats(rows * columns).map { $0 * 3 + 10 }
      let scale = numbers.floats(columns), bias = numbers.floats(columns)
      var y = x, plain = x
      vn_layer_norm(executor.kernels, rows, columns, 1e-5, x, scale, bias, &y, executor.pool)
      vn_layer_norm(executor.kernels, rows, columns, 1e-5, x, nil, nil, &plain, executor.pool)
      var exact = [Double](), exactPlain = [Double]()
      for r in 0..<rows {
        let row = x[(r * columns)..<((r + 1) * columns)].map(Double.init)
        let mean = row.reduce(0, +) / Double(columns)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
        for j in 0..<columns {
          let value = (row[j] - mean) / (variance + 1e-5).squareRoot()
          exactPlain.append(value)
          exact.append(value * Double(scale[j]) + Double(bias[j]))
        }
      }
      #expect(distance(y, exact) < 3e-6)
      #expect(distance(plain, exactPlain) < 3e-6)
      KernelCases.record(
        "layerNorm", on: set, .distance(3e-6),
        [.array([rows, columns]), .array(x), .array(scale), .array(bias)],
        expected: .array(exact))
      KernelCases.record(
        "layerNorm", on: set, .distance(3e-6), [.array([rows, columns]), .array(x), .missing, .missing],
        expected: .array(exactPlain))
    }
  }
}
