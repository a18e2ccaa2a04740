import CVisionKernels
import Foundation
import Testing
import VisionCompute

@Suite struct AttentionTests {
  private struct Case {
    var (heads, queries, keys, depth, width) = (1, 1, 1, 1, 1)
    var hasKeysInColumns = false
    /// Strides along the keys; nil without a bias, or mask.
    var bias: Int?
    var mask: Int?
    var zerosForNaN = false
  }

  private static let cases: [Case] = {
    var cases: [Case] = []
    let extents = [
      (1, 1, 1, 1, 1), (3, 49, 49, 32, 32), (2, 197, 197, 64, 64), (5, 64, 64, 48, 48), (40, 4, 9, 5, 3),
      (1, 70, 1300, 7, 33), (2, 15, 256, 17, 16), (1, 130, 31, 64, 1), (2, 3, 17, 1, 35),
    ]
    for (index, (heads, queries, keys, depth, width)) in extents.enumerated() {
      for form in 0..<4 {
        cases.append(
          Case(
            heads: heads, queries: queries, keys: keys, depth: depth, width: width,
            hasKeysInColumns: form % 2 == 1, bias: [nil, 1, 0, 1][form],
            mask: [nil, nil, 1, 0][(form + index) % 4],
            zerosForNaN: form == 3))
      }
    }
    return cases
  }()

  /// Operands with gaps between rows and heads, in which there is NaN where nothing may be read.
  private struct Operands {
    var attention = vn_attention()
    var heads: [vn_attention_head] = []
    var q: [Float], k: [Float], v: [Float], bias: [Float]?, mask: [Float]?
    let results: Int

    init(_ c: Case, _ numbers: inout Numbers) {
      let (qRow, vRow, yRow) = (c.depth + 3, c.width + 2, c.width + 1)
      let keyRows = c.hasKeysInColumns ? c.depth : c.keys
      let keyRow = (c.hasKeysInColumns ? c.keys : c.depth) + 5
      func rows(_ count: Int, _ length: Int, _ pitch: Int, _ numbers: inout Numbers) -> [Float] {
        var memory = [Float](repeating: .nan, count: c.heads * count * pitch)
        for row in 0..<(c.heads * count) {
          for column in 0..<length { memory[row * pitch + column] = 2 * numbers.float() }
        }
        return memory
      }
      q = rows(c.queries, c.depth, qRow, &numbers)
      k = rows(keyRows, keyRow - 5, keyRow, &numbers)
      v = rows(c.keys, c.width, vRow, &numbers)
      bias = c.bias.map { _ in numbers.floats(c.heads * c.queries * c.keys) }
      // One mask for all heads, which hides some keys, and all of them from some queries.
      mask = c.mask.map { column in
        (0..<(c.queries * c.keys)).map {
          (column == 1 ? $0 % 3 == 1 && $0 % c.keys != 0 : $0 / c.keys % 4 == 2) ? -.infinity : 0.5
        }
      }
      results = c.heads * c.queries * yRow
      attention.heads = c.heads
      (attention.queries, attention.keys, attention.depth, attention.width) = (
        c.queries, c.keys, c.depth, c.width
      )
      (attention.q_row, attention.v_row, attention.y_row) = (Int64(qRow), Int64(vRow), Int64(yRow))
      attention.k_row = c.hasKeysInColumns ? 1 : Int64(keyRow)
      attention.k_column = c.hasKeysInColumns ? Int64(keyRow) : 1
      (attention.bias_row, attention.bias_column) = (Int64(c.keys), Int64(c.bias ?? 0))
      (attention.mask_row, attention.mask_column) = (Int64(c.keys), Int64(c.mask ?? 0))
      (attention.scale, attention.zeros_for_nan) = (0.375, c.zerosForNaN)
      heads = (0..<c.heads).map { head in
        vn_attention_head(
          q: Int64(head * c.queries * qRow), k: Int64(head * keyRows * keyRow),
          v: Int64(head * c.keys * vRow),
          y: Int64(head * c.queries * yRow), bias: Int64(head * c.queries * c.keys), mask: 0)
      }
    }

    func run(_ set: InstructionSet, _ threads: Int) -> [Float] {
      let executor = executor(set, threads: threads)
      var attention = attention
      // Nothing behind the numbers of a row is written.
      var y = [Float](repeating: 7, count: results)
      var scratch = [Float](
        repeating: .nan, count: vn_attention_scratch_floats(executor.kernels, &attention, Int32(threads)))
      vn_attention_run(
        executor.kernels, &attention, heads, q, k, v, bias, mask, &y, &scratch, executor.pool)
      return y
    }

    func record(on set: InstructionSet, tolerance: Double) {
      KernelCases.record(
        "attention", on: set, .distance(tolerance),
        [.value(attention), .array(heads), .array(q), .array(k), .array(v), .array(bias), .array(mask)],
        expected: .array(exact()))
    }

    /// The same in double precision.
    func exact() -> [Double] {
      var y = [Double](repeating: 7, count: results)
      let a = attention
      for head in heads {
        for query in 0..<Int(a.queries) {
          var scores = (0..<Int(a.keys)).map { key -> Double in
            var sum = 0.0
            for index in 0..<Int(a.depth) {
              sum +=
                Double(q[Int(head.q) + query * Int(a.q_row) + index])
                * Double(k[Int(head.k) + key * Int(a.k_row) + index * Int(a.k_column)])
            }
            sum *= Double(a.scale)
            if let bias {
              sum += Double(bias[Int(head.bias) + query * Int(a.bias_row) + key * Int(a.bias_column)])
            }
            if let mask {
              sum += Double(mask[Int(head.mask) + query * Int(a.mask_row) + key * Int(a.mask_column)])
            }
            return sum
          }
          let top = scores.max() ?? 0
          let isHidden = top == -.infinity
          scores = scores.map { isHidden ? (a.zeros_for_nan ? 0 : .nan) : exp($0 - top) }
          let sum = isHidden ? 1 : scores.reduce(0, +)
          for column in 0..<Int(a.width) {
            y[Int(head.y) + query * Int(a.y_row) + column] = (0..<Int(a.keys)).reduce(0.0) {
              $0 + scores[$1] / sum * Double(v[Int(head.v) + $1 * Int(a.v_row) + column])
            }
          }
        }
      }
      return y
    }
  }

  @Test(arguments: InstructionSet.supported) func matchesTheDefinition(_ set: InstructionSet) {
    var numbers = Numbers(seed: 3)
    for c in Self.cases {
      let operands = Operands(c, &numbers)
      let result = operands.run(set, 1)
      // The rounding of scores of up to 40.
      #expect(distance(result, operands.exact()) < 6e-6, "\(c)")
      for threads in [2, 3] {
        let other = operands.run(set, threads)
        // NaN is not equal to itself.
        #expect(other.map(\.bitPattern) == result.map(\.bitPattern), "\(c), \(threads) threads")
      }
      operands.record(on: set, tolerance: 6e-6)
    }
  }

  /// Scores far apart: nothing overflows, and what is far below the largest has no weight.
  @Test(arguments: InstructionSet.supported) func scoresMayBeFarApart(_ set: InstructionSet) {
    var numbers = Numbers(seed: 4)
    var operands = Operands(
      Case(heads: 1, queries: 5, keys: 37, depth: 4, width: 6, hasKeysInColumns: false), &numbers)
    for scale: Float in [200, 1e6, 1e20] {
      operands.attention.scale = scale
      #expect(distance(operands.run(set, 1), operands.exact()) < 2e-3, "\(scale)")
      operands.record(on: set, tolerance: 2e-3)
    }
  }
}
