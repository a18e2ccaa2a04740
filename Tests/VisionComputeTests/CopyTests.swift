import CVisionKernels
import Testing
import VisionCompute

@Suite struct CopyTests {
  func check<T: FixedWidthInteger & BitwiseCopyable & Sendable>(_ type: T.Type, seed: Int) {
    let executor = Executor(threads: 2)
    var numbers = Numbers(seed: seed)
    for round in 0..<44 {
      // The last ones are cut into several items.
      let rank = round < 40 ? numbers.integer(0...5) : 2 + round % 2
      let dims = (0..<rank).map { _ in Int64(round < 40 ? numbers.integer(1...7) : numbers.integer(33...41)) }
        .enumerated().map { round < 40 || $0 > 0 ? $1 : 30 * $1 }
      let count = Int(dims.reduce(1, *))
      let x = (0..<count).map { T(truncatingIfNeeded: $0 &* 2_654_435_761) }
      var strides = [Int64](repeating: 0, count: rank), reversed = strides
      var size: Int64 = 1
      for d in dims.indices.reversed() { (strides[d], size) = (size, size * dims[d]) }
      size = 1
      for d in dims.indices { (reversed[d], size) = (size, size * dims[d]) }
      var transposed = [T](repeating: 0, count: count), back = transposed
      vn_copy_strided(
        Int32(rank), dims, x, strides, &transposed, reversed, MemoryLayout<T>.size, executor.pool)
      for i in 0..<count {
        var rest = i, at = 0
        for d in dims.indices.reversed() {
          at += rest % Int(dims[d]) * Int(reversed[d])
          rest /= Int(dims[d])
        }
        #expect(transposed[at] == x[i])
      }
      vn_copy_strided(
        Int32(rank), dims, transposed, reversed, &back, strides, MemoryLayout<T>.size, executor.pool)
      #expect(back == x)
      KernelCases.record(
        "copy", .bits,
        [.array([MemoryLayout<T>.size]), .array(dims), .array(x), .array(strides), .array(reversed)],
        expected: .array(transposed))
    }
  }

  @Test func transposesOfEveryElementSize() {
    check(UInt8.self, seed: 1)
    check(UInt16.self, seed: 2)
    check(UInt32.self, seed: 3)
    check(UInt64.self, seed: 4)
  }

  @Test func expandsReversesAndCopiesLongLines() {
    let executor = Executor(threads: 2)
    let x: [UInt32] = [1, 2, 3]
    var y = [UInt32](repeating: 0, count: 12)
    vn_copy_strided(2, [4, 3], x, [0, 1], &y, [3, 1], 4, executor.pool)
    #expect(y == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    x.withUnsafeBufferPointer {
      guard let start = $0.baseAddress else { return }
      vn_copy_strided(1, [3], start + 2, [-1], &y, [1], 4, executor.pool)
    }
    #expect(y[..<3] == [3, 2, 1])
    for count in [65_536, 100_000, 100_001] {
      let long = (0..<UInt32(count)).map { $0 &* 7 }
      var copy = [UInt32](repeating: 0, count: count), spread = [UInt32](repeating: 0, count: 2 * count)
      vn_copy_strided(1, [Int64(count)], long, [1], &copy, [1], 4, executor.pool)
      #expect(copy == long)
      vn_copy_strided(1, [Int64(count)], long, [1], &spread, [2], 4, executor.pool)
      #expect(spread.indices.allSatisfy { spread[$0] == ($0 % 2 == 0 ? long[$0 / 2] : 0) })
    }
  }

  @Test(arguments: InstructionSet.supported)
  func layoutsThereAndBack(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 37)
    for channels in [1, 2, 3, 4, 5, 8, 17, 64, 100] {
      for pixels in [1, 3, 4, 49, 400, 6001] {
        let n = 2, gap = channels % 3, pixel = channels + gap, image = pixels * pixel + 1
        let x = numbers.floats(n * channels * pixels)
        var y = [Float](repeating: 77, count: n * image), back = [Float](repeating: 0, count: x.count)
        vn_nchw_to_nhwc(
          executor.kernels, n, channels, pixels, x, &y, Int64(pixel), Int64(image), executor.pool)
        var wrong = 0
        for i in 0..<n {
          for p in 0..<pixels {
            for c in 0..<pixel {
              let expected = c < channels ? x[(i * channels + c) * pixels + p] : 77
              if y[i * image + p * pixel + c] != expected { wrong += 1 }
            }
          }
        }
        #expect(wrong == 0, "\(channels) × \(pixels)")
        let places = KernelCases.Operand.array([n, channels, pixels, pixel, image])
        KernelCases.record("pixelsOfPlanes", on: set, .bits, [places, .array(x)], expected: .array(y))
        KernelCases.record("planesOfPixels", on: set, .bits, [places, .array(y)], expected: .array(x))
        vn_nhwc_to_nchw(
          executor.kernels, n, channels, pixels, y, Int64(pixel), Int64(image), &back, executor.pool)
        #expect(back == x)
      }
    }
  }
}
