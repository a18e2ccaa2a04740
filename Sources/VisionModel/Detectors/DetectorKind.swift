/// What a detector of others makes of an image: the meaning of its outputs, and how images become its input.
public enum DetectorKind: String, Sendable, Hashable, CaseIterable {
  /// N×A×(5+K) with three boxes a cell, decoded: centers and sides, the probability of an object, and of classes.
  case yolov5
  /// N×(4+K)×A, decoded: centers and sides, and the probabilities of classes. YOLOv8, YOLO11 and YOLO12.
  case yolov8
  /// N×A×6, selected: left, top, right, bottom, probability and class. YOLOv10, YOLO26 and exports with `nms=True`.
  case yoloEndToEnd = "yolo-end-to-end"
  /// N×A×(5+K) with a box a cell of the strides 8, 16 and 32, not decoded.
  case yolox
  /// Distances of the edges as distributions at the strides 8, 16, 32 and 64, from the cells' corners: NanoDet-Plus.
  case nanodetPlus = "nanodet-plus"
  /// Distances of the edges as distributions, from the cells' centers: NanoDet of 2020.
  case nanodet
  /// As NanoDet's, with the pixels of PaddleDetection.
  case picodet
  /// Classes with the background first, and codes of boxes for torchvision's default boxes of SSD300 or SSDLite320.
  case ssd
  /// Classes and codes of boxes for torchvision's nine anchors a cell.
  case retinanet
  /// Classes, distances of the edges and centerness: torchvision's FCOS.
  case fcos
  /// Selected by the network itself, n boxes with scores and classes: whole detectors of torchvision.
  case torchvision
  /// Selected by the network itself, outputs `detection_boxes` and so on: TensorFlow's Object Detection API.
  case tensorflow
  /// Maps `hm`, `wh` and `reg` of centers, sides and offsets at the stride 4.
  case centernet
  /// Faces with five points: a map of centers at the stride 4, sides, offsets and points.
  case centerface
  /// Faces with five points: classes, objects, boxes and points at the strides 8, 16 and 32.
  case yunet
  /// Classes by softmax of which the last is none, and centers and sides in parts of the image.
  case detr
  /// Classes by sigmoid, and centers and sides in parts of the image: RT-DETR and Deformable DETR.
  case rtDetr = "rt-detr"
}
