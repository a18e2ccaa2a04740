import VisionGraph
import VisionLayers

/// A depthwise convolution and a pointwise one, normalized, then ReLU: N×C×H×W → N×filters×⌈H/stride⌉×⌈W/stride⌉.
///
/// There is no normalization between the two, as in Tan et al., "EfficientDet", 2020.
struct SeparableConv: Layer {
  let filters: Int
  let kernel: Int
  var stride = 1

  func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    try Sequential {
      DepthwiseConv2D(kernel: kernel, stride: stride, bias: false).named("depthwise")
      Conv2D(filters, kernel: 1, bias: false).named("pointwise")
      BatchNorm().named("norm")
      ReLU().named("relu")
    }(x)
  }
}
