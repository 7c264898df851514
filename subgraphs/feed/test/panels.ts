import { ConvenedPanel, type PanelObserver } from '../agents/convened-panel.ts';
import { houseModule } from '../agents/house-module.ts';
import { panelOf } from '../agents/panel.ts';
import { featureSource, type FeatureSource } from '../agents/ranking-features.ts';
import type { ServedModels } from '../learning/served-models.ts';

/** Hears nothing. */
export const deaf: PanelObserver = {
  heard: () => undefined,
  failed: () => undefined,
};

/** The panel `six` as it is before any training, and the features that it reads. */
export function sixOf(models: ServedModels): { featuresOf: FeatureSource; panel: ConvenedPanel } {
  const featuresOf = featureSource(models);
  const six = panelOf('six', {
    featuresOf,
    forecasters: { forecaster: null },
    customModule: () => houseModule,
  });
  return { featuresOf, panel: new ConvenedPanel(six, deaf) };
}
