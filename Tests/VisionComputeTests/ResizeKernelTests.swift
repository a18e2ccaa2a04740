import CVisionKernels
import Testing
import VisionCompute

/// Images resized by any places and weights against sums in double precision.
@Suite struct ResizeKernelTests {
  /// What one axis is made of.
  private struct Axis {
    var first: [Int32] = [0]
    var positions: [Int32] = []
    var weights: [Float] = []

    init(_ extent: Int, _ outputs: Int, taps: Int, _ numbers: inout Numbers) {
      for output in 0..<outputs {
        for tap in 0..<taps {
          positions.append(Int32(min(extent - 1, output * extent / outputs + tap)))
          weights.append(numbers.float())
        }
        first.append(Int32(positions.count))
      }
    }

    func sum(_ output: Int, _ term: (Int) -> Double) -> Double {
      (Int(first[output])..<Int(first[output + 1])).reduce(0.0) {
        $0 + Double(weights[$1]) * term(Int(positions[$1]))
      }
    }
  }

  @Test func imagesOfEveryLayout() {
    var numbers = Numbers(seed: 97)
    for (outer, h, w, inner, oh, ow) in [
      (1, 1, 1, 1, 3, 4), (3, 5, 7, 1, 10, 14), (2, 9, 8, 5, 4, 3), (1, 6, 5, 33, 13, 9),
      (6, 20, 30, 1, 33, 17),
    ] {
      for taps in [1, 2, 4] {
        let (rows, columns) = (Axis(h, oh, taps: taps, &numbers), Axis(w, ow, taps: taps, &numbers))
        let x = numbers.floats(outer * h * w * inner)
        var resize = vn_resize(outer: outer, h: h, w: w, inner: inner, oh: oh, ow: ow, fill: 0)
        let places = rows.first + rows.positions + columns.first + columns.positions
        func run(_ threads: Int) -> [Float] {
          let pool = Executor(threads: threads)
          var y = [Float](repeating: .nan, count: outer * oh * ow * inner)
          var scratch = [Float](repeating: .nan, count: vn_resize_scratch_floats(&resize, Int32(threads)))
          vn_resize_images(&resize, places, rows.weights + columns.weights, x, &y, &scratch, pool.pool)
          return y
        }
        let exact = (0..<(outer * oh * ow * inner)).map { index -> Double in
          let (pixel, channel) = (index / inner, index % inner)
          let (oy, ox, image) = (pixel / ow % oh, pixel % ow, pixel / ow / oh)
          return rows.sum(oy) { y in
            columns.sum(ox) { Double(x[((image * h + y) * w + $0) * inner + channel]) }
          }
        }
        #expect(distance(run(1), exact) < 2e-6)
        #expect(run(1) == run(3))
        KernelCases.record(
          "resize", .distance(2e-6),
          [.value(resize), .array(places), .array(rows.weights + columns.weights), .array(x)],
          expected: .array(exact))
      }
    }
  }
}
