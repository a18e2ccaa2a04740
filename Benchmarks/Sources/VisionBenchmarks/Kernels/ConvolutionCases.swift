import CVisionKernels

/// Convolutions of the networks that the peers are measured on: forward and both gradients.
struct ConvolutionCases {
  /// C channels of a square of `side` to O, kernel K×K, half of it padding.
  private struct Layer {
    let name: String
    let c, o, side, kernel, stride, groups: Int

    init(_ name: String, _ c: Int, _ o: Int, _ side: Int, _ kernel: Int, _ stride: Int = 1, groups: Int = 1) {
      self.name = name
      (self.c, self.o, self.side) = (c, o, side)
      (self.kernel, self.stride, self.groups) = (kernel, stride, groups)
    }
  }

  private static let layers = [
    Layer("ResNet stem 7×7/2 3→64 @224", 3, 64, 224, 7, 2),
    Layer("ResNet 3×3 64→64 @56", 64, 64, 56, 3),
    Layer("ResNet 3×3/2 64→128 @56", 64, 128, 56, 3, 2),
    Layer("ResNet 1×1/2 64→128 @56", 64, 128, 56, 1, 2),
    Layer("ResNet 3×3 128→128 @28", 128, 128, 28, 3),
    Layer("ResNet 3×3/2 128→256 @28", 128, 256, 28, 3, 2),
    Layer("ResNet 3×3 256→256 @14", 256, 256, 14, 3),
    Layer("ResNet 3×3/2 256→512 @14", 256, 512, 14, 3, 2),
    Layer("ResNet 3×3 512→512 @7", 512, 512, 7, 3),
    Layer("ResNet-50 1×1 64→256 @56", 64, 256, 56, 1),
    Layer("ResNet-50 1×1 512→128 @28", 512, 128, 28, 1),
    Layer("ResNet-50 1×1 1024→256 @14", 1024, 256, 14, 1),
    Layer("VGG 3×3 3→64 @224", 3, 64, 224, 3),
    Layer("VGG 3×3 64→64 @224", 64, 64, 224, 3),
    Layer("VGG 3×3 256→256 @56", 256, 256, 56, 3),
    Layer("VGG 3×3 512→512 @14", 512, 512, 14, 3),
    Layer("SqueezeNet 1×1 64→16 @55", 64, 16, 55, 1),
    Layer("SqueezeNet 3×3 16→64 @55", 16, 64, 55, 3),
    Layer("MobileNet stem 3×3/2 3→32 @224", 3, 32, 224, 3, 2),
    Layer("MobileNet 1×1 32→16 @112", 32, 16, 112, 1),
    Layer("MobileNet 1×1 16→96 @112", 16, 96, 112, 1),
    Layer("MobileNet 1×1 24→144 @56", 24, 144, 56, 1),
    Layer("MobileNet 1×1 144→24 @56", 144, 24, 56, 1),
    Layer("MobileNet 1×1 192→32 @28", 192, 32, 28, 1),
    Layer("MobileNet 1×1 64→384 @14", 64, 384, 14, 1),
    Layer("MobileNet 1×1 576→96 @14", 576, 96, 14, 1),
    Layer("MobileNet 1×1 160→960 @7", 160, 960, 7, 1),
    Layer("MobileNet 1×1 960→320 @7", 960, 320, 7, 1),
    Layer("MobileNet 1×1 320→1280 @7", 320, 1280, 7, 1),
    Layer("depthwise 3×3 32 @112", 32, 32, 112, 3, groups: 32),
    Layer("depthwise 3×3/2 96 @112", 96, 96, 112, 3, 2, groups: 96),
    Layer("depthwise 3×3 144 @56", 144, 144, 56, 3, groups: 144),
    Layer("depthwise 3×3 192 @28", 192, 192, 28, 3, groups: 192),
    Layer("depthwise 3×3 384 @14", 384, 384, 14, 3, groups: 384),
    Layer("depthwise 3×3/2 576 @14", 576, 576, 14, 3, 2, groups: 576),
    Layer("depthwise 3×3 960 @7", 960, 960, 7, 3, groups: 960),
    Layer("depthwise 5×5 672 @14", 672, 672, 14, 5, groups: 672),
  ]

  static func cases(batch: Int) -> [KernelCase] {
    layers.flatMap { layer -> [KernelCase] in
      let conv = convolution(layer, batch: batch)
      return [forward(layer.name, conv), backwardData(layer.name, conv), backwardWeights(layer.name, conv)]
    }
  }

  /// Dense layers: rows of images times weights.
  static func denseCases(batch: Int) -> [KernelCase] {
    [
      ("ResNet-18 512→1000", 512, 1000), ("MobileNet 1280→1000", 1280, 1000),
      ("VGG 25088→4096", 25_088, 4096),
    ]
    .map { name, inputs, outputs in
      let layer = Layer(name, inputs, outputs, 1, 1)
      let conv = convolution(layer, batch: batch)
      return forward(name, conv, kind: "dense forward")
    }
  }

  private static func convolution(_ layer: Layer, batch: Int) -> vn_conv {
    let out = (layer.side + 2 * (layer.kernel / 2) - layer.kernel) / layer.stride + 1
    var conv = vn_conv()
    (conv.n, conv.h, conv.w, conv.c) = (Int32(batch), Int32(layer.side), Int32(layer.side), Int32(layer.c))
    (conv.oh, conv.ow, conv.o) = (Int32(out), Int32(out), Int32(layer.o))
    (conv.kh, conv.kw) = (Int32(layer.kernel), Int32(layer.kernel))
    (conv.stride_h, conv.stride_w) = (Int32(layer.stride), Int32(layer.stride))
    (conv.dilation_h, conv.dilation_w) = (1, 1)
    (conv.pad_top, conv.pad_left) = (Int32(layer.kernel / 2), Int32(layer.kernel / 2))
    conv.groups = Int32(layer.groups)
    (conv.x_pixel, conv.x_row) = (Int64(layer.c), Int64(layer.c * layer.side))
    conv.x_image = conv.x_row * Int64(layer.side)
    (conv.y_pixel, conv.y_row) = (Int64(layer.o), Int64(layer.o * out))
    conv.y_image = conv.y_row * Int64(out)
    (conv.r_pixel, conv.r_row, conv.r_image) = (conv.y_pixel, conv.y_row, conv.y_image)
    conv.activation = VN_RELU
    return conv
  }

  // MARK: Sizes

  private static func inputs(_ conv: vn_conv) -> Int { Int(conv.n) * Int(conv.x_image) }
  private static func outputs(_ conv: vn_conv) -> Int { Int(conv.n) * Int(conv.y_image) }
  private static func weights(_ conv: vn_conv) -> Int {
    Int(conv.o) * Int(conv.c / conv.groups) * Int(conv.kh * conv.kw)
  }

  private static func flops(_ conv: vn_conv) -> Double {
    2 * Double(outputs(conv)) * Double(conv.c / conv.groups) * Double(conv.kh * conv.kw)
  }

  private static func bytes(_ conv: vn_conv) -> Double {
    4 * Double(inputs(conv) + outputs(conv) + weights(conv))
  }

  private static func kind(_ conv: vn_conv, _ way: String) -> String {
    "\(conv.groups > 1 ? "depthwise" : "conv") \(way)"
  }

  // MARK: Runs

  private static func packed(_ conv: vn_conv, _ machine: Machine) -> FloatMemory {
    var conv = conv
    let plain = FloatMemory(weights(conv))
    let packed = FloatMemory(vn_conv_packed_floats(machine.kernels, &conv))
    vn_conv_pack(machine.kernels, &conv, plain.floats, packed.floats)
    return packed
  }

  private static func forward(_ name: String, _ conv: vn_conv, kind: String? = nil) -> KernelCase {
    KernelCase(
      kind: kind ?? Self.kind(conv, "forward"), name: name, flops: flops(conv), bytes: bytes(conv)
    ) { machine in
      var conv = conv
      let (x, y, bias) = (FloatMemory(inputs(conv)), FloatMemory(outputs(conv)), FloatMemory(Int(conv.o)))
      let weights = packed(conv, machine)
      let scratch = FloatMemory(vn_conv_scratch_floats(machine.kernels, &conv, Int32(machine.threads)))
      return {
        vn_conv_run(
          machine.kernels, &conv, x.floats, weights.floats, bias.floats, nil, y.floats, scratch.floats,
          machine.pool)
      }
    }
  }

  private static func backwardData(_ name: String, _ conv: vn_conv) -> KernelCase {
    KernelCase(
      kind: kind(conv, "backward data"), name: name, flops: flops(conv), bytes: bytes(conv)
    ) { machine in
      var conv = conv
      let (gx, g) = (FloatMemory(inputs(conv)), FloatMemory(outputs(conv)))
      let weights = packed(conv, machine)
      // As in training, where its products count as those of a direct convolution.
      let isWinograd = vn_conv_backward_data_winograd_pays(machine.kernels, &conv)
      let scratch = FloatMemory(
        vn_conv_backward_data_scratch_floats(machine.kernels, &conv, isWinograd, Int32(machine.threads)))
      return {
        vn_conv_backward_data(
          machine.kernels, &conv, g.floats, weights.floats, nil, gx.floats, isWinograd, scratch.floats,
          machine.pool)
      }
    }
  }

  private static func backwardWeights(_ name: String, _ conv: vn_conv) -> KernelCase {
    KernelCase(
      kind: kind(conv, "backward weights"), name: name, flops: flops(conv), bytes: bytes(conv)
    ) { machine in
      var conv = conv
      let (x, g) = (FloatMemory(inputs(conv)), FloatMemory(outputs(conv)))
      let gradient = FloatMemory(vn_conv_packed_floats(machine.kernels, &conv))
      if vn_winograd_backward_weights_pays(machine.kernels, &conv) {
        let scratch = FloatMemory(
          vn_winograd_backward_weights_scratch_floats(machine.kernels, &conv, Int32(machine.threads)))
        return {
          vn_winograd_backward_weights(
            machine.kernels, &conv, x.floats, g.floats, gradient.floats, scratch.floats, machine.pool)
        }
      }
      let scratch = FloatMemory(
        vn_conv_backward_weights_scratch_floats(machine.kernels, &conv, Int32(machine.threads)))
      return {
        vn_conv_backward_weights(
          machine.kernels, &conv, x.floats, g.floats, gradient.floats, scratch.floats, machine.pool)
      }
    }
  }
}
