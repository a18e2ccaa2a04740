import ArgumentParser
import CVisionKernels
import VisionNet

/// `benchmark shapes`: whether the chosen form of convolutions of random shapes is the fastest one.
struct Shapes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convolutions of random shapes: the time of the chosen form by that of the fastest one.",
    discussion: """
      Each form runs in turn with the others; a time is the median of the rounds. The last rows are the distribution of the \
      ratios of all shapes.
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "The number of shapes.")
  var count = 200

  @Option(help: "The seed of the shapes.")
  var seed: UInt64 = 1

  @Option(help: "Rows to show, the worst first.")
  var worst = 20

  private struct Outcome {
    let shape: String
    let chosen: ConvolutionForms.Form
    let fastest: ConvolutionForms.Form
    let milliseconds: Double
    let ratio: Double
  }

  func run() throws {
    let report = try Report("shapes", options)
    var draw = Draw(seed: seed)
    let shapes = (0..<count).map { _ in draw.shape() }
    for threads in try options.threadCounts() {
      let machine = Machine(threads: threads)
      var outcomes: [Outcome] = []
      for (index, conv) in shapes.enumerated() {
        outcomes.append(measure(conv, machine))
        if index % 20 == 19 { report.progress("\(index + 1) of \(count), \(threads) threads") }
      }
      outcomes.sort { $0.ratio > $1.ratio }
      for outcome in outcomes.prefix(worst) {
        try report.add(row(outcome.shape, outcome, threads))
      }
      for percent in [50, 75, 90, 95, 99, 100] {
        let ratio = outcomes[(outcomes.count - 1) * (100 - percent) / 100]
        try report.add(row("\(percent) % of the shapes are at most", ratio, threads))
      }
      let good = outcomes.count { $0.ratio <= 1.1 }
      report.progress("\(threads) threads: \(good) of \(outcomes.count) within 10 % of the fastest form")
    }
    report.print()
  }

  private func row(_ name: String, _ outcome: Outcome, _ threads: Int) -> [(
    name: String, value: Report.Value
  )] {
    [
      ("shape", .text(name)), ("threads", .integer(threads)), ("chosen", .text(outcome.chosen.rawValue)),
      ("fastest", .text(outcome.fastest.rawValue)), ("ms", .number(outcome.milliseconds, 4)),
      ("chosen / fastest", .number(outcome.ratio, 3)),
    ]
  }

  /// The forms in turn, so that what else the machine does concerns all of them.
  private func measure(_ conv: vn_conv, _ machine: Machine) -> Outcome {
    let forms = ConvolutionForms(conv, on: machine)
    let runs = forms.available.map { (form: $0, run: forms.prepare($0)) }
    var counts: [Int] = []
    for (_, run) in runs {
      run()
      let start = Stopwatch.now
      run()
      counts.append(max(1, Int(options.seconds / max(Stopwatch.now - start, 1e-9))))
    }
    var times = [[Double]](repeating: [], count: runs.count)
    for _ in 0..<options.rounds {
      for (index, item) in runs.enumerated() {
        let start = Stopwatch.now
        for _ in 0..<counts[index] { item.run() }
        times[index].append((Stopwatch.now - start) / Double(counts[index]))
      }
    }
    let medians = times.map(Stopwatch.median)
    let fastest = medians.indices.min { medians[$0] < medians[$1] } ?? 0
    let chosen = runs.firstIndex { $0.form == forms.chosen } ?? 0
    return Outcome(
      shape: Self.name(of: conv), chosen: runs[chosen].form, fastest: runs[fastest].form,
      milliseconds: medians[chosen] * 1e3, ratio: medians[chosen] / medians[fastest])
  }

  private static func name(of conv: vn_conv) -> String {
    let gaps = conv.dilation_h > 1 ? " dilated \(conv.dilation_h)" : ""
    let groups = conv.groups > 1 ? " in \(conv.groups) groups" : ""
    return
      "\(conv.n)×\(conv.c)×\(conv.h)×\(conv.w) → \(conv.o), \(conv.kh)×\(conv.kw)/\(conv.stride_h)\(gaps)\(groups)"
  }

  /// Draws shapes such as networks have: kernels, strides, dilation, groups, channels, extents and batches.
  private struct Draw {
    private let numbers: [Float]
    private var position = 0

    init(seed: UInt64) { numbers = Philox(seed: seed).uniform(count: 1 << 16) }

    private mutating func index(_ count: Int) -> Int {
      position += 1
      return min(Int(numbers[position % numbers.count] * Float(count)), count - 1)
    }

    private mutating func one<Element>(of values: [Element]) -> Element { values[index(values.count)] }

    mutating func shape() -> vn_conv {
      while true {
        let conv = candidate()
        let products =
          Double(conv.n) * Double(conv.oh * conv.ow) * Double(conv.o) * Double(conv.kh * conv.kw)
          * Double(conv.c / conv.groups)
        // Neither what is over at once nor what nobody would wait for.
        if products > 1e5, products < 2e9, conv.oh > 0, conv.ow > 0 { return conv }
      }
    }

    private mutating func candidate() -> vn_conv {
      let kernel = one(of: [
        (1, 1), (1, 1), (3, 3), (3, 3), (3, 3), (5, 5), (7, 7), (2, 2), (1, 3), (3, 1), (1, 7),
      ])
      let stride = one(of: [1, 1, 1, 2])
      let dilation = kernel.0 * kernel.1 > 1 && stride == 1 ? one(of: [1, 1, 1, 1, 2, 4]) : 1
      let channels = [
        3, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 120, 128, 160, 192, 240, 256, 320, 384, 512,
      ]
      var c = one(of: channels), o = one(of: channels)
      var groups = 1
      switch index(5) {
      case 0: (groups, o) = (c, c)
      case 1:
        groups = one(of: [2, 4, 8, 16, 32])
        let width = one(of: [2, 4, 8, 16, 24, 32])
        (c, o) = (groups * width, groups * width)
      default: break
      }
      let side = one(of: [7, 10, 14, 19, 20, 28, 38, 40, 56, 80, 112])
      return convolution(
        n: one(of: [1, 1, 1, 4, 16]), c, o, height: side, width: one(of: [side, side, side + 5]), kernel,
        stride: stride, dilation: dilation, groups: groups)
    }

    private func convolution(
      n: Int, _ c: Int, _ o: Int, height: Int, width: Int, _ kernel: (Int, Int), stride: Int, dilation: Int,
      groups: Int
    ) -> vn_conv {
      let pads = ((kernel.0 - 1) * dilation / 2, (kernel.1 - 1) * dilation / 2)
      let rows = (height + 2 * pads.0 - (kernel.0 - 1) * dilation - 1) / stride + 1
      let columns = (width + 2 * pads.1 - (kernel.1 - 1) * dilation - 1) / stride + 1
      var conv = vn_conv()
      (conv.n, conv.h, conv.w, conv.c) = (Int32(n), Int32(height), Int32(width), Int32(c))
      (conv.oh, conv.ow, conv.o) = (Int32(rows), Int32(columns), Int32(o))
      (conv.kh, conv.kw) = (Int32(kernel.0), Int32(kernel.1))
      (conv.stride_h, conv.stride_w) = (Int32(stride), Int32(stride))
      (conv.dilation_h, conv.dilation_w) = (Int32(dilation), Int32(dilation))
      (conv.pad_top, conv.pad_left) = (Int32(pads.0), Int32(pads.1))
      conv.groups = Int32(groups)
      (conv.x_pixel, conv.x_row) = (Int64(c), Int64(c * width))
      conv.x_image = conv.x_row * Int64(height)
      (conv.y_pixel, conv.y_row) = (Int64(o), Int64(o * columns))
      conv.y_image = conv.y_row * Int64(rows)
      (conv.r_pixel, conv.r_row, conv.r_image) = (conv.y_pixel, conv.y_row, conv.y_image)
      conv.activation = VN_RELU
      return conv
    }
  }
}
