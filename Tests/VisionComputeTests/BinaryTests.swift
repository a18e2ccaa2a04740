import CVisionKernels
import Foundation
import Testing
import VisionCompute

@Suite struct BinaryTests {
  static let operations: [vn_binary_op] = [VN_ADD, VN_SUB, VN_MUL, VN_DIV, VN_MIN, VN_MAX, VN_POW, VN_PRELU]

  static func exact(_ op: vn_binary_op, _ x: Float, _ z: Float) -> Double {
    let (x, z) = (Double(x), Double(z))
    return switch op {
    case VN_ADD: x + z
    case VN_SUB: x - z
    case VN_MUL: x * z
    case VN_DIV: x / z
    case VN_MIN: x.isNaN || z.isNaN ? .nan : min(x, z)
    case VN_MAX: x.isNaN || z.isNaN ? .nan : max(x, z)
    case VN_POW: pow(x, z)
    default: x < 0 ? x * z : x
    }
  }

  @Test(arguments: InstructionSet.supported)
  func everyBroadcastOfRowsAndColumns(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 9)
    for op in Self.operations {
      for (rows, columns) in [(1, 1), (3, 5), (7, 16), (4, 33), (2, 40_000)] {
        let x = numbers.floats(rows * columns).map { abs($0) + 0.01 }, z = numbers.floats(rows * columns)
        let c = Int64(columns)
        for (xRow, xColumn) in [(c, Int64(1)), (0, 0), (0, 1), (1, 0)] {
          for (zRow, zColumn) in [(c, Int64(1)), (0, 0), (0, 1), (1, 0)] {
            var y = [Float](repeating: 0, count: rows * columns)
            x.withUnsafeBufferPointer { x in
              z.withUnsafeBufferPointer { z in
                guard let xs = x.baseAddress, let zs = z.baseAddress else { return }
                vn_binary(
                  executor.kernels, op, rows, columns, vn_operand(data: xs, row: xRow, column: xColumn),
                  vn_operand(data: zs, row: zRow, column: zColumn), &y, c, executor.pool)
              }
            }
            var wrong = 0
            for i in 0..<rows {
              for j in 0..<columns {
                let a = x[i * Int(xRow) + j * Int(xColumn)], b = z[i * Int(zRow) + j * Int(zColumn)]
                if ulps(y[i * columns + j], Self.exact(op, a, b)) > (op == VN_POW ? 2 : 0.5) { wrong += 1 }
              }
            }
            KernelCases.record(
              "binary", on: set, .ulps(op == VN_POW ? 2 : 0.5, orAbsolute: 0),
              [
                .value(op), .array([rows, columns, Int(xRow), Int(xColumn), Int(zRow), Int(zColumn)]),
                .array(x),
                .array(z),
              ],
              expected: .array(
                (0..<(rows * columns)).map {
                  let (i, j) = ($0 / columns, $0 % columns)
                  return Self.exact(
                    op, x[i * Int(xRow) + j * Int(xColumn)], z[i * Int(zRow) + j * Int(zColumn)])
                }))
            #expect(
              wrong == 0, "\(op) \(rows)×\(columns) (\(xRow), \(xColumn)) (\(zRow), \(zColumn)) on \(set)")
          }
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func specialValues(_ set: InstructionSet) {
    let executor = executor(set, threads: 1)
    let values: [Float] = [
      0, -0.0, 1, -1, 2, -2, 3, 0.5, -0.5, 2.5, 1e30, -1e30, 1e-30, .leastNonzeroMagnitude, .infinity,
      -.infinity, .nan, 101, -101,
      16_777_218, 1.000_000_1, 0.999_999_9,
    ]
    let x = values.flatMap { v in values.map { _ in v } }, z = values.flatMap { _ in values }
    let dims = [Int64(x.count)]
    for op in Self.operations {
      var y = [Float](repeating: 0, count: x.count)
      vn_binary_strided(executor.kernels, op, 1, dims, x, [1], z, [1], &y, nil)
      for i in x.indices {
        #expect(
          ulps(y[i], Self.exact(op, x[i], z[i])) <= (op == VN_POW ? 2 : 0.5),
          "\(op)(\(x[i]), \(z[i])) = \(y[i])")
      }
      KernelCases.record(
        "binaryStrided", on: set, .ulps(op == VN_POW ? 2 : 0.5, orAbsolute: 0),
        [.value(op), .array(dims), .array(x), .array([Int64(1)]), .array(z), .array([Int64(1)])],
        expected: .array(x.indices.map { Self.exact(op, x[$0], z[$0]) }))
    }
  }

  @Test(arguments: InstructionSet.supported)
  func anyStrides(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 11)
    for _ in 0..<60 {
      let rank = numbers.integer(0...5)
      let dims = (0..<rank).map { _ in Int64(numbers.integer(1...6)) }
      func operand() -> ([Int64], [Float]) {
        var strides = [Int64](), size: Int64 = 1
        for d in dims.indices {
          let stride = numbers.integer(0...3) == 0 ? 0 : size
          strides.append(stride)
          if stride > 0 { size *= dims[d] }
        }
        if numbers.integer(0...1) == 0 {
          // Row-major instead.
          size = 1
          for d in dims.indices.reversed() where strides[d] != 0 {
            strides[d] = size
            size *= dims[d]
          }
        }
        return (strides, numbers.floats(Int(size)))
      }
      let (xs, x) = operand()
      let (zs, z) = operand()
      let count = Int(dims.reduce(1, *))
      var y = [Float](repeating: 0, count: count)
      vn_binary_strided(executor.kernels, VN_SUB, Int32(rank), dims, x, xs, z, zs, &y, executor.pool)
      var exact = [Double](repeating: 0, count: count)
      for i in 0..<count {
        var rest = i, at = 0, bt = 0
        for d in dims.indices.reversed() {
          let k = rest % Int(dims[d])
          rest /= Int(dims[d])
          at += k * Int(xs[d])
          bt += k * Int(zs[d])
        }
        #expect(y[i] == x[at] - z[bt])
        exact[i] = Double(x[at]) - Double(z[bt])
      }
      KernelCases.record(
        "binaryStrided", on: set, .ulps(0.5, orAbsolute: 0),
        [.value(VN_SUB), .array(dims), .array(x), .array(xs), .array(z), .array(zs)], expected: .array(exact))
    }
  }
}
