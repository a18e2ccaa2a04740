/// The twelve numbers of COCO, in the order of pycocotools' `stats`. Raw values are the keys in records.
///
/// All are means over the classes that have objects of the size. Average precision (AP) is the mean of the precision at 101
/// recalls, average recall (AR) the mean of the largest recall over the ten thresholds of IoU. Unless the name says otherwise,
/// the 100 best detections of each class in an image count.
public enum DetectionMeasure: String, Sendable, Hashable, CaseIterable {
  /// The mean over ten thresholds of IoU from 0.5 to 0.95.
  case averagePrecision = "mAP50-95"
  case averagePrecision50 = "mAP50"
  case averagePrecision75 = "mAP75"
  case averagePrecisionSmall = "mAP50-95-small"
  case averagePrecisionMedium = "mAP50-95-medium"
  case averagePrecisionLarge = "mAP50-95-large"
  /// With the best detection of each class in an image.
  case averageRecall1 = "AR1"
  /// With the ten best detections of each class in an image.
  case averageRecall10 = "AR10"
  case averageRecall100 = "AR100"
  case averageRecallSmall = "AR-small"
  case averageRecallMedium = "AR-medium"
  case averageRecallLarge = "AR-large"

  /// The position in `allCases`.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
