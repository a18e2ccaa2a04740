import CVisionKernels
import Foundation
import Testing
import VisionCompute

@Suite struct PoolingTests {
  func window(
    n: Int = 2, h: Int, w: Int, c: Int, kernel: (Int, Int), stride: (Int, Int), dilation: (Int, Int) = (1, 1),
    pads: (Int, Int, Int, Int) = (0, 0, 0, 0), ceil: Bool = false, includePad: Bool = false, gap: Int = 0
  ) -> vn_window {
    func size(_ x: Int, _ k: Int, _ s: Int, _ d: Int, _ a: Int, _ b: Int) -> Int {
      let room = x + a + b - d * (k - 1) - 1
      return (ceil ? (room + s - 1) / s : room / s) + 1
    }
    var v = vn_window()
    (v.n, v.h, v.w, v.c) = (Int32(n), Int32(h), Int32(w), Int32(c))
    v.oh = Int32(size(h, kernel.0, stride.0, dilation.0, pads.0, pads.2))
    v.ow = Int32(size(w, kernel.1, stride.1, dilation.1, pads.1, pads.3))
    (v.kh, v.kw, v.stride_h, v.stride_w) = (
      Int32(kernel.0), Int32(kernel.1), Int32(stride.0), Int32(stride.1)
    )
    (v.dilation_h, v.dilation_w) = (Int32(dilation.0), Int32(dilation.1))
    (v.pad_top, v.pad_left, v.pad_bottom, v.pad_right) = (
      Int32(pads.0), Int32(pads.1), Int32(pads.2), Int32(pads.3)
    )
    v.count_include_pad = includePad
    v.x_pixel = Int64(c + gap)
    v.x_row = v.x_pixel * Int64(w) + Int64(gap)
    v.x_image = v.x_row * Int64(h)
    v.y_pixel = Int64(c + gap)
    v.y_row = v.y_pixel * Int64(v.ow)
    v.y_image = v.y_row * Int64(v.oh)
    return v
  }

  func reference(_ v: vn_window, _ x: [Float], average: Bool) -> [Double] {
    var y = [Double](repeating: 77, count: Int(v.y_image) * Int(v.n))
    for n in 0..<Int(v.n) {
      for oy in 0..<Int(v.oh) {
        for ox in 0..<Int(v.ow) {
          for c in 0..<Int(v.c) {
            var sum = 0.0, most = -Double.infinity, count = 0
            for ky in 0..<Int(v.kh) {
              for kx in 0..<Int(v.kw) {
                let iy = oy * Int(v.stride_h) - Int(v.pad_top) + ky * Int(v.dilation_h)
                let ix = ox * Int(v.stride_w) - Int(v.pad_left) + kx * Int(v.dilation_w)
                let inside = iy >= 0 && iy < v.h && ix >= 0 && ix < v.w
                if inside {
                  let value = Double(x[n * Int(v.x_image) + iy * Int(v.x_row) + ix * Int(v.x_pixel) + c])
                  sum += value
                  most = max(most, value)
                }
                if inside || v.count_include_pad && iy < v.h + v.pad_bottom && ix < v.w + v.pad_right {
                  count += 1
                }
              }
            }
            y[n * Int(v.y_image) + oy * Int(v.y_row) + ox * Int(v.y_pixel) + c] =
              average ? (count == 0 ? 0 : sum / Double(count)) : most
          }
        }
      }
    }
    return y
  }

  @Test(arguments: InstructionSet.supported)
  func windowsMatchTheReference(_ set: InstructionSet) {
    var numbers = Numbers(seed: 13)
    var windows = [
      window(h: 112, w: 15, c: 64, kernel: (3, 3), stride: (2, 2), pads: (1, 1, 1, 1)),
      window(h: 7, w: 7, c: 3, kernel: (3, 3), stride: (2, 2), ceil: true),
      window(
        h: 8, w: 8, c: 20, kernel: (3, 3), stride: (2, 2), pads: (0, 1, 1, 0), ceil: true, includePad: true),
      window(h: 9, w: 8, c: 5, kernel: (2, 3), stride: (1, 2), dilation: (2, 2), pads: (1, 1, 0, 2), gap: 3),
      window(h: 5, w: 5, c: 1, kernel: (5, 5), stride: (1, 1), pads: (2, 2, 2, 2), includePad: true),
      window(h: 3, w: 3, c: 33, kernel: (1, 1), stride: (2, 2)),
      window(h: 6, w: 13, c: 16, kernel: (3, 3), stride: (2, 1), dilation: (1, 2), pads: (1, 2, 1, 2)),
      window(
        h: 5, w: 4, c: 7, kernel: (2, 4), stride: (1, 1), pads: (0, 3, 1, 3), ceil: true, includePad: true),
      window(h: 4, w: 3, c: 9, kernel: (2, 2), stride: (1, 1), pads: (0, 0, 1, 1)),
    ]
    for _ in 0..<20 {
      let kernel = (numbers.integer(2...4), numbers.integer(2...4))
      windows.append(
        window(
          h: numbers.integer(4...11), w: numbers.integer(4...11), c: numbers.integer(1...40), kernel: kernel,
          stride: (numbers.integer(1...3), numbers.integer(1...3)),
          pads: (
            numbers.integer(0...1), numbers.integer(0...1), numbers.integer(0...1), numbers.integer(0...1)
          ), ceil: numbers.integer(0...1) == 0, includePad: numbers.integer(0...1) == 0,
          gap: numbers.integer(0...1) * 4))
    }
    let two = executor(set), one = executor(set, threads: 1)
    for var v in windows {
      let x = numbers.floats(Int(v.x_image) * Int(v.n))
      var y = [Float](repeating: 77, count: Int(v.y_image) * Int(v.n)), z = y
      vn_max_pool(two.kernels, &v, x, &y, two.pool)
      #expect(distance(y, reference(v, x, average: false)) == 0, "maximum \(v)")
      vn_average_pool(two.kernels, &v, x, &z, two.pool)
      #expect(distance(z, reference(v, x, average: true)) < 1e-6, "average \(v)")
      var again = [Float](repeating: 77, count: z.count)
      vn_average_pool(one.kernels, &v, x, &again, one.pool)
      #expect(again == z)
      KernelCases.record(
        "pool.maximum", on: set, .ulps(0, orAbsolute: 0), [.value(v), .array(x)],
        expected: .array(reference(v, x, average: false)))
      KernelCases.record(
        "pool.average", on: set, .distance(1e-6), [.value(v), .array(x)],
        expected: .array(reference(v, x, average: true)))
    }
  }

  @Test(arguments: InstructionSet.supported)
  func aNotANumberIsTheMaximum(_ set: InstructionSet) {
    let executor = executor(set)
    for position in 0..<4 {
      var v = window(n: 1, h: 2, w: 2, c: 5, kernel: (2, 2), stride: (1, 1))
      var x = [Float](repeating: 1, count: 20), y = [Float](repeating: 0, count: 5)
      x[position * 5 + 2] = .nan
      vn_max_pool(executor.kernels, &v, x, &y, nil)
      #expect(y[2].isNaN && y[0] == 1 && y[4] == 1)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func globalPools(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 17)
    for (h, w, c) in [(1, 1, 1), (7, 7, 130), (7, 5, 64), (40, 50, 9), (3, 3, 1000)] {
      var v = window(h: h, w: w, c: c, kernel: (1, 1), stride: (1, 1), gap: 2)
      v.y_image = Int64(c + 1)
      let x = numbers.floats(Int(v.x_image) * 2)
      var mean = [Float](repeating: 77, count: 2 * (c + 1)), most = mean
      vn_global_average_pool(executor.kernels, &v, x, &mean, executor.pool)
      vn_global_max_pool(executor.kernels, &v, x, &most, executor.pool)
      var exactMean = [Double](repeating: 77, count: mean.count), exactMost = exactMean
      for n in 0..<2 {
        for channel in 0..<c {
          var sum = 0.0, maximum = -Float.infinity
          for iy in 0..<h {
            for ix in 0..<w {
              let value = x[n * Int(v.x_image) + iy * Int(v.x_row) + ix * Int(v.x_pixel) + channel]
              sum += Double(value)
              maximum = max(maximum, value)
            }
          }
          #expect(abs(Double(mean[n * (c + 1) + channel]) - sum / Double(h * w)) < 2e-7)
          #expect(most[n * (c + 1) + channel] == maximum)
          exactMean[n * (c + 1) + channel] = sum / Double(h * w)
          exactMost[n * (c + 1) + channel] = Double(maximum)
        }
        #expect(mean[n * (c + 1) + c] == 77 && most[n * (c + 1) + c] == 77)
      }
      KernelCases.record(
        "pool.globalAverage", on: set, .absolute(2e-7), [.value(v), .array(x)], expected: .array(exactMean))
      KernelCases.record(
        "pool.globalMaximum", on: set, .ulps(0, orAbsolute: 0), [.value(v), .array(x)],
        expected: .array(exactMost))
    }
  }

  @Test(arguments: InstructionSet.supported)
  func localResponseNormalization(_ set: InstructionSet) {
    let executor = executor(set)
    var numbers = Numbers(seed: 19)
    for channels in [1, 4, 17, 64, 100] {
      for size in [1, 2, 3, 5, 8] {
        let x = numbers.floats(7 * channels).map { $0 * 20 }
        var y = [Float](repeating: 0, count: x.count)
        vn_lrn(
          executor.kernels, 7, channels, Int32(size), 0.01, 0.75, 2, x, Int64(channels), &y, Int64(channels),
          executor.pool)
        var exact = [Double]()
        for p in 0..<7 {
          for c in 0..<channels {
            var sum = 0.0
            for i in max(0, c - (size - 1) / 2)...min(channels - 1, c + size / 2) {
              sum += pow(Double(x[p * channels + i]), 2)
            }
            exact.append(Double(x[p * channels + c]) / pow(2 + 0.01 / Double(size) * sum, 0.75))
          }
        }
        #expect(distance(y, exact) < 1e-6)
        KernelCases.record(
          "lrn", on: set, .distance(1e-6),
          [.array([7, channels, size]), .array([Float(0.01), 0.75, 2]), .array(x)], expected: .array(exact))
      }
    }
  }
}
